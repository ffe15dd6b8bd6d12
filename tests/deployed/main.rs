//! The built functions, driven as Lambda drives them: each binary in a process of its own, with the variables of the
//! template, fed with recorded events through the Runtime API. What they talk to are the stand-ins; what they did is
//! read from the table and the mailbox.
//!
//! `EINLASS_BUILD` names the folder that `sam build` wrote, `EINLASS_BARE` a binary that is the Lambda runtime and
//! nothing else. The script `run` beside this file sets the rest.

// The types of nested SDK calls are deeper than the compiler's default.
#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends by a panic")]
#![expect(clippy::print_stdout, reason = "what is measured is printed")]

mod delivery;
mod events;
mod lambda;
mod measure;
mod organisers;
mod payments;
mod process;
mod runtime_api;
mod settings;
mod survival;
mod system;
mod template;
mod touched;
mod trace;
mod visitors;
mod work;
