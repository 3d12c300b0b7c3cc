//! A small waPC host on wasmtime: a fresh instance for each call, as policy servers have it.

use wasmtime::error::Context as _;
use wasmtime::{Caller, Engine, Extern, InstancePre, Linker, Memory, Module, Result, Store, TypedFunc, format_err};

/// One call as the host sees it.
#[derive(Default)]
struct Call {
    operation: Vec<u8>,
    payload: Vec<u8>,
    answer: Vec<u8>,
}

/// A policy, compiled and linked.
pub struct Policy {
    engine: Engine,
    ready: InstancePre<Call>,
}

/// An instance, initialised.
pub struct Instance {
    store: Store<Call>,
    memory: Memory,
    guest: TypedFunc<(u32, u32), u32>,
}

impl Policy {
    /// Compiles a module.
    pub fn load(bytes: &[u8]) -> Result<Policy> {
        let engine = Engine::default();
        let module = Module::new(&engine, bytes)?;
        let ready = linker(&engine)?.instantiate_pre(&module)?;
        Ok(Policy { engine, ready })
    }

    /// A fresh instance.
    pub fn instance(&self) -> Result<Instance> {
        let mut store = Store::new(&self.engine, Call::default());
        let instance = self.ready.instantiate(&mut store)?;
        instance.get_typed_func::<(), ()>(&mut store, "wapc_init")?.call(&mut store, ())?;
        let guest = instance.get_typed_func(&mut store, "__guest_call")?;
        let memory = instance.get_memory(&mut store, "memory").context("no memory")?;
        Ok(Instance { store, memory, guest })
    }
}

impl Instance {
    /// Calls an operation.
    pub fn call(&mut self, operation: &str, payload: &[u8]) -> Result<Vec<u8>> {
        let call = self.store.data_mut();
        call.operation = operation.as_bytes().to_vec();
        call.payload = payload.to_vec();
        let lengths = (operation.len() as u32, payload.len() as u32);
        let ok = self.guest.call(&mut self.store, lengths)?;
        let answer = std::mem::take(&mut self.store.data_mut().answer);
        if ok == 1 { Ok(answer) } else { Err(format_err!("{}", String::from_utf8_lossy(&answer))) }
    }

    /// Bytes of its memory.
    pub fn memory(&self) -> usize {
        self.memory.data_size(&self.store)
    }
}

type Guest<'a> = Caller<'a, Call>;

fn memory(caller: &mut Guest) -> wasmtime::Result<Memory> {
    caller.get_export("memory").and_then(Extern::into_memory).ok_or_else(|| wasmtime::Error::msg("no memory"))
}

fn take(mut caller: Guest, at: u32, length: u32) -> wasmtime::Result<()> {
    let mut bytes = vec![0; length as usize];
    memory(&mut caller)?.read(&caller, at as usize, &mut bytes)?;
    caller.data_mut().answer = bytes;
    Ok(())
}

fn linker(engine: &Engine) -> wasmtime::Result<Linker<Call>> {
    let mut linker = Linker::new(engine);
    let wapc = "wapc";
    linker.func_wrap(wapc, "__guest_request", |mut caller: Guest, operation: u32, payload: u32| {
        let memory = memory(&mut caller)?;
        let (words, bytes) = (caller.data().operation.clone(), caller.data().payload.clone());
        memory.write(&mut caller, operation as usize, &words)?;
        memory.write(&mut caller, payload as usize, &bytes)?;
        wasmtime::Result::Ok(())
    })?;
    linker.func_wrap(wapc, "__guest_response", |caller: Guest, at: u32, length: u32| take(caller, at, length))?;
    linker.func_wrap(wapc, "__guest_error", |caller: Guest, at: u32, length: u32| take(caller, at, length))?;
    linker.func_wrap(wapc, "__console_log", |_: Guest, _: u32, _: u32| {})?;
    linker.func_wrap(
        wapc,
        "__host_call",
        |_: Guest, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32| 0_u32,
    )?;
    linker.func_wrap(wapc, "__host_response_len", |_: Guest| 0_u32)?;
    linker.func_wrap(wapc, "__host_response", |_: Guest, _: u32| {})?;
    linker.func_wrap(wapc, "__host_error_len", |_: Guest| 0_u32)?;
    linker.func_wrap(wapc, "__host_error", |_: Guest, _: u32| {})?;
    Ok(linker)
}
