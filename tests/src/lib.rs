<<<<<<< HEAD
//! What the tests of the whole workspace share: scenarios told once, and the doors they go through.

pub mod browser;
pub mod doors;
pub mod scenario;
=======
//! What the tests of the whole house share: hosts for its doors.

pub mod reference;
pub mod wapc;
>>>>>>> aaa5bbe (Judge a workload at admission: claims, command lines and node labels read in core, a waPC module over a pure judge)
