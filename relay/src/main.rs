//! The command `kosha-relay`: a relay on one address, storing in one folder.

use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use kosha_relay::{Config, Relay, RelayFailure, UploadTokens};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Holds ciphertext for health links and serves the doctor's reader page.
#[derive(Parser)]
#[command(version)]
struct Args {
    /// Address to listen on; port 0 chooses a free one.
    #[arg(long, default_value = "127.0.0.1:8787")]
    listen: SocketAddr,
    /// Folder of the store; made if absent.
    #[arg(long)]
    data: PathBuf,
    /// How readers reach this relay, when that is not http://<listen address>.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// File with the SHA-256 of one upload token per line (hex or base64url).
    #[arg(long, value_name = "FILE")]
    upload_tokens: Option<PathBuf>,
    /// Address of a proxy whose X-Forwarded-For names the client; may be given several times.
    #[arg(long, value_name = "ADDRESS")]
    trusted_proxy: Vec<IpAddr>,
}

fn main() -> ExitCode {
    match run(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "kosha-relay: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> Result<(), RelayFailure> {
    let listen = |e: std::io::Error| RelayFailure::Listen(e.kind());
    let mut config = Config::new(args.data);
    config.public_url = args.public_url;
    config.trusted_proxies = args.trusted_proxy.iter().map(IpAddr::to_canonical).collect();
    config.upload_tokens = args.upload_tokens.as_deref().map(UploadTokens::read).transpose()?;
    let relay = Relay::open(config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(listen)?;
    runtime.block_on(async {
        // Before the line that says ready, so that whoever reads it may send a signal at once.
        let mut terminate = signal(SignalKind::terminate()).map_err(listen)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(listen)?;
        let listener = TcpListener::bind(args.listen).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        if !relay.upload_is_free(address) && !relay.has_upload_tokens() {
            let _ = writeln!(
                std::io::stderr(),
                "kosha-relay: no upload token is known, so nobody can create links here"
            );
        }
        // Whoever started it reads this line; if nobody does, it serves all the same.
        let mut out = std::io::stdout();
        let _ = writeln!(out, "kosha-relay listening on http://{address}").and_then(|()| out.flush());
        let stop = async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        relay.serve(listener, stop).await
    })
}
