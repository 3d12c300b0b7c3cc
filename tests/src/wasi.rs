//! A small WASI host on the `wasmi` interpreter: five functions of preview 1, as a program is run.

use std::path::{Path, PathBuf};

use wasmi::{Caller, Config, Engine, Extern, Linker, Memory, Module, Store, TypedFunc};

use crate::wapc::FUEL;

/// What a run gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// Standard output.
    pub output: Vec<u8>,
    /// Standard error.
    pub errors: Vec<u8>,
    /// The exit status.
    pub status: u32,
}

/// A run as the host sees it.
struct Process {
    arguments: Vec<u8>,
    count: u32,
    input: Vec<u8>,
    run: Run,
}

/// The module that `cargo xtask test` names in `MIGFIT_POLICY_WASI`, or the one that `cargo xtask policy` built.
///
/// # Errors
/// One line that says what to do where there is none.
pub fn module_path() -> Result<PathBuf, String> {
    if let Some(path) = std::env::var_os("MIGFIT_POLICY_WASI") {
        return Ok(path.into());
    }
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist/policy/migfit-policy-wasi.wasm");
    if built.exists() {
        Ok(built)
    } else {
        Err("the WASI module is not built: run `cargo xtask policy`".to_owned())
    }
}

/// Runs the module with `arguments`, its name first.
///
/// # Errors
/// Where there is no module, it is not valid, or it traps.
pub fn run(arguments: &[&str], input: &[u8]) -> Result<Run, String> {
    let path = module_path()?;
    let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut config = Config::default();
    config.consume_fuel(true);
    let engine = Engine::new(&config);
    let module = Module::new(&engine, &bytes[..]).map_err(|error| error.to_string())?;
    let arguments: Vec<Vec<u8>> = arguments.iter().map(|word| [word.as_bytes(), b"\0"].concat()).collect();
    let process = Process {
        count: arguments.len() as u32,
        arguments: arguments.concat(),
        input: input.to_vec(),
        run: Run::default(),
    };
    let mut store = Store::new(&engine, process);
    match start(&mut store, &module) {
        Ok(()) => Ok(store.into_data().run),
        Err(error) => match error.i32_exit_status() {
            Some(status) => Ok(Run { status: status as u32, ..store.into_data().run }),
            None => Err(error.to_string()),
        },
    }
}

fn start(store: &mut Store<Process>, module: &Module) -> Result<(), wasmi::Error> {
    store.set_fuel(FUEL)?;
    let linker = linker(store.engine())?;
    let instance = linker.instantiate_and_start(&mut *store, module)?;
    let start: TypedFunc<(), ()> = instance.get_typed_func(&*store, "_start")?;
    start.call(&mut *store, ())
}

type Guest<'a> = Caller<'a, Process>;

fn memory(caller: &Guest) -> Result<Memory, wasmi::Error> {
    let memory = caller.get_export("memory").and_then(Extern::into_memory);
    memory.ok_or_else(|| wasmi::Error::new("the guest exports no memory"))
}

fn write(caller: &mut Guest, at: u32, bytes: &[u8]) -> Result<(), wasmi::Error> {
    let memory = memory(caller)?;
    memory.write(caller, at as usize, bytes).map_err(|error| wasmi::Error::new(error.to_string()))
}

fn read(caller: &Guest, at: u32, length: u32) -> Result<Vec<u8>, wasmi::Error> {
    let mut bytes = vec![0; length as usize];
    memory(caller)?
        .read(caller, at as usize, &mut bytes)
        .map_err(|error| wasmi::Error::new(error.to_string()))?;
    Ok(bytes)
}

/// The first of the pieces of memory at `at`: its start and length.
fn piece(caller: &Guest, at: u32) -> Result<(u32, u32), wasmi::Error> {
    let bytes = read(caller, at, 8)?;
    let word =
        |from: usize| bytes.get(from..from + 4).and_then(|word| word.try_into().ok()).map(u32::from_le_bytes);
    Ok((word(0).unwrap_or_default(), word(4).unwrap_or_default()))
}

fn linker(engine: &Engine) -> Result<Linker<Process>, wasmi::Error> {
    let mut linker = Linker::new(engine);
    let wasi = "wasi_snapshot_preview1";
    linker.func_wrap(
        wasi,
        "args_sizes_get",
        |mut caller: Guest, count: u32, length: u32| -> Result<u32, wasmi::Error> {
            let (words, bytes) = (caller.data().count, caller.data().arguments.len() as u32);
            write(&mut caller, count, &words.to_le_bytes())?;
            write(&mut caller, length, &bytes.to_le_bytes())?;
            Ok(0)
        },
    )?;
    linker.func_wrap(
        wasi,
        "args_get",
        |mut caller: Guest, mut places: u32, bytes: u32| -> Result<u32, wasmi::Error> {
            let arguments = caller.data().arguments.clone();
            write(&mut caller, bytes, &arguments)?;
            let mut start = bytes;
            for word in arguments.split_inclusive(|byte| *byte == 0) {
                write(&mut caller, places, &start.to_le_bytes())?;
                places += 4;
                start += word.len() as u32;
            }
            Ok(0)
        },
    )?;
    linker.func_wrap(
        wasi,
        "fd_read",
        |mut caller: Guest, _file: u32, pieces: u32, _count: u32, done: u32| -> Result<u32, wasmi::Error> {
            let (start, length) = piece(&caller, pieces)?;
            let input = &mut caller.data_mut().input;
            let rest = input.split_off(input.len().min(length as usize));
            let bytes = std::mem::replace(input, rest);
            write(&mut caller, start, &bytes)?;
            write(&mut caller, done, &(bytes.len() as u32).to_le_bytes())?;
            Ok(0)
        },
    )?;
    linker.func_wrap(
        wasi,
        "fd_write",
        |mut caller: Guest, file: u32, pieces: u32, _count: u32, done: u32| -> Result<u32, wasmi::Error> {
            let (start, length) = piece(&caller, pieces)?;
            let bytes = read(&caller, start, length)?;
            let run = &mut caller.data_mut().run;
            if file == 1 {
                run.output.extend(&bytes)
            } else {
                run.errors.extend(&bytes)
            }
            write(&mut caller, done, &length.to_le_bytes())?;
            Ok(0)
        },
    )?;
    linker.func_wrap(wasi, "proc_exit", |status: u32| -> Result<(), wasmi::Error> {
        Err(wasmi::Error::i32_exit(status as i32))
    })?;
    Ok(linker)
}
