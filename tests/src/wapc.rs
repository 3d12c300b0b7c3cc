//! A small waPC host on the `wasmi` interpreter: it loads the policy module as real hosts do and counts fuel,
//! which does not depend on the load of the machine.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use wasmi::{Caller, Config, Engine, Extern, Linker, Memory, Module, Store, TypedFunc};

/// Fuel for one call. A call that needs more is cut as a host's time limit would cut it.
pub const FUEL: u64 = 2_000_000_000;

/// Answers a host call of the guest: binding, namespace, operation, payload.
pub type HostCall = Arc<dyn Fn(&str, &str, &str, &[u8]) -> Result<Vec<u8>, String> + Send + Sync>;

/// A policy module, compiled.
#[derive(Debug)]
pub struct Policy {
    engine: Engine,
    module: Module,
    bytes: usize,
}

/// What a call gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The guest's response, or its error.
    pub result: Result<Vec<u8>, String>,
    /// Fuel that the call took.
    pub fuel: u64,
    /// Memory of the instance after the call, in bytes.
    pub memory: usize,
    /// What the guest wrote to the console.
    pub console: Vec<String>,
}

/// A call that did not come back: a trap, or no fuel left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trap {
    /// The engine's words.
    pub reason: String,
    /// What the guest wrote to the console before.
    pub console: Vec<String>,
}

/// One call as the host sees it.
struct Call {
    operation: Vec<u8>,
    payload: Vec<u8>,
    response: Option<Vec<u8>>,
    error: Option<Vec<u8>>,
    host_response: Vec<u8>,
    host_error: Vec<u8>,
    host_call: HostCall,
    console: Vec<String>,
}

/// The module that `cargo xtask test` names in `MIGFIT_POLICY_WASM`, or the one that cargo built last.
///
/// # Errors
/// One line that says what to do where there is none.
pub fn module_path() -> Result<PathBuf, String> {
    if let Some(path) = std::env::var_os("MIGFIT_POLICY_WASM") {
        return Ok(path.into());
    }
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/wasm32-unknown-unknown");
    let built = ["wasm", "release"].map(|profile| target.join(profile).join("migfit_policy.wasm"));
    let newest = built
        .into_iter()
        .filter(|path| path.exists())
        .max_by_key(|path| path.metadata().and_then(|metadata| metadata.modified()).ok());
    newest.ok_or_else(|| "the policy module is not built: run `cargo xtask test`".to_owned())
}

impl Policy {
    /// Loads the built module.
    ///
    /// # Errors
    /// Where there is no module, or it is not valid.
    pub fn load() -> Result<Policy, String> {
        Policy::read(&module_path()?)
    }

    /// Reads a module.
    ///
    /// # Errors
    /// Where there is none, or it is not valid.
    pub fn read(path: &Path) -> Result<Policy, String> {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut config = Config::default();
        config.consume_fuel(true);
        let engine = Engine::new(&config);
        let module = Module::new(&engine, &bytes[..]).map_err(|error| error.to_string())?;
        Ok(Policy { engine, module, bytes: bytes.len() })
    }

    /// Size of the module in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.bytes
    }

    /// What the module imports, as `module::name`, in order.
    #[must_use]
    pub fn imports(&self) -> Vec<String> {
        self.module.imports().map(|import| format!("{}::{}", import.module(), import.name())).collect()
    }

    /// The custom section `name`, where the module has one.
    #[must_use]
    pub fn section(&self, name: &str) -> Option<&[u8]> {
        self.module.custom_sections().find(|section| section.name() == name).map(|section| section.data())
    }

    /// Calls `operation` in a fresh instance, as policy servers do; no host call is granted.
    ///
    /// # Errors
    /// A [`Trap`] where the guest does not come back.
    pub fn call(&self, operation: &str, payload: &[u8]) -> Result<Answer, Trap> {
        self.call_with(operation, payload, Arc::new(|_, _, _, _| Err("no host call is granted".to_owned())))
    }

    /// As [`Policy::call`], with host calls answered by `host_call`.
    ///
    /// # Errors
    /// As [`Policy::call`].
    pub fn call_with(&self, operation: &str, payload: &[u8], host_call: HostCall) -> Result<Answer, Trap> {
        let call = Call {
            operation: operation.as_bytes().to_vec(),
            payload: payload.to_vec(),
            response: None,
            error: None,
            host_response: Vec::new(),
            host_error: Vec::new(),
            host_call,
            console: Vec::new(),
        };
        let mut store = Store::new(&self.engine, call);
        match self.run(&mut store) {
            Ok((ok, fuel, memory)) => {
                let call = store.into_data();
                let text =
                    |bytes: Option<Vec<u8>>| bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                let result = match (ok, call.response) {
                    (true, Some(response)) => Ok(response),
                    _ => Err(text(call.error).unwrap_or_else(|| "no response and no error".to_owned())),
                };
                Ok(Answer { result, fuel, memory, console: call.console })
            }
            Err(error) => Err(Trap { reason: error.to_string(), console: store.into_data().console }),
        }
    }

    fn run(&self, store: &mut Store<Call>) -> Result<(bool, u64, usize), wasmi::Error> {
        store.set_fuel(FUEL)?;
        let instance = linker(&self.engine)?.instantiate_and_start(&mut *store, &self.module)?;
        let init: TypedFunc<(), ()> = instance.get_typed_func(&*store, "wapc_init")?;
        init.call(&mut *store, ())?;
        let guest: TypedFunc<(i32, i32), i32> = instance.get_typed_func(&*store, "__guest_call")?;
        let lengths = (store.data().operation.len() as i32, store.data().payload.len() as i32);
        let ok = guest.call(&mut *store, lengths)? == 1;
        let memory = instance.get_memory(&*store, "memory").map_or(0, |memory| memory.data_size(&*store));
        Ok((ok, FUEL - store.get_fuel()?, memory))
    }
}

type Guest<'a> = Caller<'a, Call>;

fn memory(caller: &Guest) -> Result<Memory, wasmi::Error> {
    caller
        .get_export("memory")
        .and_then(Extern::into_memory)
        .ok_or_else(|| wasmi::Error::new("the guest exports no memory"))
}

fn read(caller: &Guest, at: u32, length: u32) -> Result<Vec<u8>, wasmi::Error> {
    let mut bytes = vec![0; length as usize];
    memory(caller)?
        .read(caller, at as usize, &mut bytes)
        .map_err(|error| wasmi::Error::new(error.to_string()))?;
    Ok(bytes)
}

fn text(caller: &Guest, at: u32, length: u32) -> Result<String, wasmi::Error> {
    Ok(String::from_utf8_lossy(&read(caller, at, length)?).into_owned())
}

fn write(mut caller: Guest, at: u32, bytes: &[u8]) -> Result<(), wasmi::Error> {
    let memory = memory(&caller)?;
    memory.write(&mut caller, at as usize, bytes).map_err(|error| wasmi::Error::new(error.to_string()))
}

/// The nine functions of the waPC protocol.
fn linker(engine: &Engine) -> Result<Linker<Call>, wasmi::Error> {
    let mut linker = Linker::new(engine);
    let wapc = "wapc";
    linker.func_wrap(wapc, "__guest_request", |mut caller: Guest, operation: u32, payload: u32| {
        let bytes = (caller.data().operation.clone(), caller.data().payload.clone());
        let memory = memory(&caller)?;
        for (at, bytes) in [(operation, bytes.0), (payload, bytes.1)] {
            memory
                .write(&mut caller, at as usize, &bytes)
                .map_err(|error| wasmi::Error::new(error.to_string()))?;
        }
        Ok(())
    })?;
    linker.func_wrap(wapc, "__guest_response", |mut caller: Guest, at: u32, length: u32| {
        let bytes = read(&caller, at, length)?;
        caller.data_mut().response = Some(bytes);
        Ok(())
    })?;
    linker.func_wrap(wapc, "__guest_error", |mut caller: Guest, at: u32, length: u32| {
        let bytes = read(&caller, at, length)?;
        caller.data_mut().error = Some(bytes);
        Ok(())
    })?;
    linker.func_wrap(wapc, "__console_log", |mut caller: Guest, at: u32, length: u32| {
        let line = text(&caller, at, length)?;
        caller.data_mut().console.push(line);
        Ok(())
    })?;
    linker.func_wrap(wapc, "__host_call", host_call)?;
    linker
        .func_wrap(wapc, "__host_response_len", |caller: Guest| caller.data().host_response.len() as u32)?;
    linker.func_wrap(wapc, "__host_response", |caller: Guest, at: u32| {
        let bytes = caller.data().host_response.clone();
        write(caller, at, &bytes)
    })?;
    linker.func_wrap(wapc, "__host_error_len", |caller: Guest| caller.data().host_error.len() as u32)?;
    linker.func_wrap(wapc, "__host_error", |caller: Guest, at: u32| {
        let bytes = caller.data().host_error.clone();
        write(caller, at, &bytes)
    })?;
    Ok(linker)
}

/// `__host_call`: four pieces of memory in, 1 where the host has a response and 0 where it has an error.
#[allow(clippy::too_many_arguments, reason = "the protocol has eight")]
fn host_call(
    mut caller: Guest,
    binding: u32,
    binding_length: u32,
    namespace: u32,
    namespace_length: u32,
    operation: u32,
    operation_length: u32,
    payload: u32,
    payload_length: u32,
) -> Result<u32, wasmi::Error> {
    let names = [(binding, binding_length), (namespace, namespace_length), (operation, operation_length)];
    let mut read_names = Vec::new();
    for (at, length) in names {
        read_names.push(text(&caller, at, length)?);
    }
    let payload = read(&caller, payload, payload_length)?;
    let answer = match read_names.as_slice() {
        [binding, namespace, operation] => {
            let host_call = Arc::clone(&caller.data().host_call);
            host_call(binding, namespace, operation, &payload)
        }
        _ => Err("no such call".to_owned()),
    };
    match answer {
        Ok(response) => {
            caller.data_mut().host_response = response;
            Ok(1)
        }
        Err(error) => {
            caller.data_mut().host_error = error.into_bytes();
            Ok(0)
        }
    }
}
