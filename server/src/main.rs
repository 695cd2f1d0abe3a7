//! The executable: passes its arguments and its environment to the library.

#[tokio::main]
async fn main() -> std::process::ExitCode {
    claviger::command::run(std::env::args_os(), claviger::configuration::Environment::of_process()).await
}
