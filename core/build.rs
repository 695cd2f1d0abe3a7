//! Builds the crate anew when a migration is added: `sqlx::migrate!` watches only the files that were there before.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
