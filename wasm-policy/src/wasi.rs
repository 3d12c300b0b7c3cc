//! The form for WASI hosts: `policy.wasm validate` and `policy.wasm validate-settings`, standard input to standard
//! output, status 0. Kubewarden runs it with the execution mode `wasi`, any runtime of WASI preview 1 as a program.
//!
//! The five functions that it needs are declared by hand: a whole libc for them would weigh more than they do.
//! Source: WASI preview 1, `wasi_snapshot_preview1.witx`.
#![allow(unsafe_code, reason = "the host is reached through imported functions and addresses")]

use crate::host::Host;

#[link(wasm_import_module = "wasi_snapshot_preview1")]
unsafe extern "C" {
    fn args_sizes_get(count: *mut usize, bytes: *mut usize) -> u32;
    fn args_get(places: *mut *mut u8, bytes: *mut u8) -> u32;
    fn fd_read(file: u32, pieces: *const Piece, count: usize, read: *mut usize) -> u32;
    fn fd_write(file: u32, pieces: *const Piece, count: usize, written: *mut usize) -> u32;
    fn proc_exit(status: u32) -> !;
}

/// A piece of memory that the host reads or writes.
#[repr(C)]
struct Piece {
    start: *const u8,
    length: usize,
}

const INPUT: u32 = 0;
const OUTPUT: u32 = 1;
const ERRORS: u32 = 2;

const USAGE: &[u8] = b"migfit: the first argument must be validate or validate-settings\n";

/// Called by the host once.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn _start() {
    std::panic::set_hook(Box::new(|panic| write(ERRORS, panic.to_string().as_bytes())));
    let answer = match operation().as_deref() {
        Some(b"validate") => crate::validate(&input(), Host::default()),
        Some(b"validate-settings") => crate::validate_settings(&input()),
        Some(_) | None => {
            write(ERRORS, USAGE);
            // SAFETY: it takes a number and does not come back.
            unsafe { proc_exit(2) }
        }
    };
    write(OUTPUT, &answer);
}

/// The first argument behind the program's name.
fn operation() -> Option<Vec<u8>> {
    let (mut count, mut length) = (0, 0);
    // SAFETY: both places outlive the call.
    let status = unsafe { args_sizes_get(&raw mut count, &raw mut length) };
    if status != 0 || count > 64 || length > 1 << 16 {
        return None;
    }
    let mut places = vec![std::ptr::null_mut(); count];
    let mut bytes = vec![0; length];
    // SAFETY: both have the sizes that the host named.
    let status = unsafe { args_get(places.as_mut_ptr(), bytes.as_mut_ptr()) };
    if status != 0 {
        return None;
    }
    bytes.split(|byte| *byte == 0).nth(1).map(<[u8]>::to_vec)
}

/// All of standard input.
fn input() -> Vec<u8> {
    let mut all = Vec::new();
    let mut room = vec![0; 1 << 16];
    loop {
        let piece = Piece { start: room.as_mut_ptr(), length: room.len() };
        let mut read = 0;
        // SAFETY: the piece is memory of its own, and both places outlive the call.
        let status = unsafe { fd_read(INPUT, &raw const piece, 1, &raw mut read) };
        match room.get(..read) {
            Some(bytes) if status == 0 && read > 0 => all.extend_from_slice(bytes),
            Some(_) | None => return all,
        }
    }
}

fn write(file: u32, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        let piece = Piece { start: bytes.as_ptr(), length: bytes.len() };
        let mut written = 0;
        // SAFETY: the piece is readable, and both places outlive the call.
        let status = unsafe { fd_write(file, &raw const piece, 1, &raw mut written) };
        match bytes.get(written..) {
            Some(rest) if status == 0 && written > 0 => bytes = rest,
            Some(_) | None => return,
        }
    }
}
