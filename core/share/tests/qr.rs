//! The codes as another library reads them, also after what a camera does to them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a test fails by panicking"
)]

use kosha_share::qr::{ErrorCorrection, QUIET_ZONE, Qr, QrError};

/// A grey image: 0 black, 255 white.
#[derive(Clone)]
struct Image {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Image {
    fn from_png(bytes: &[u8]) -> Self {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        assert_eq!(reader.info().bit_depth, png::BitDepth::One);
        assert_eq!(reader.info().color_type, png::ColorType::Grayscale);
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!(info.color_type, png::ColorType::Grayscale);
        Self { width: info.width as usize, height: info.height as usize, pixels }
    }

    /// Box blur with the given radius.
    fn blurred(&self, radius: usize) -> Self {
        let mut out = self.clone();
        for y in 0..self.height {
            for x in 0..self.width {
                let (rows, columns) = (around(y, radius, self.height), around(x, radius, self.width));
                let count = rows.len() * columns.len();
                let sum: usize =
                    rows.flat_map(|y| columns.clone().map(move |x| (x, y))).map(|(x, y)| self.at(x, y)).sum();
                out.pixels[y * self.width + x] = u8::try_from(sum / count).unwrap();
            }
        }
        out
    }

    /// Less contrast and uneven light, plus noise of ±`amount` (a fixed xorshift sequence).
    fn noisy(&self, amount: i32, mut seed: u64) -> Self {
        let mut out = self.clone();
        for (at, pixel) in out.pixels.iter_mut().enumerate() {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let noise = i32::try_from(seed % (2 * u64::try_from(amount).unwrap() + 1)).unwrap() - amount;
            let light = i32::try_from((at % self.width) * 40 / self.width).unwrap();
            *pixel = u8::try_from((i32::from(*pixel) * 5 / 8 + 30 + light + noise).clamp(0, 255)).unwrap();
        }
        out
    }

    /// Scaled by area to `width` pixels, which need not divide the old width.
    fn scaled(&self, width: usize) -> Self {
        let height = self.height * width / self.width;
        let mut pixels = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let rows = y * self.height / height..((y + 1) * self.height).div_ceil(height);
                let columns = x * self.width / width..((x + 1) * self.width).div_ceil(width);
                let count = rows.len() * columns.len();
                let sum: usize =
                    rows.flat_map(|y| columns.clone().map(move |x| (x, y))).map(|(x, y)| self.at(x, y)).sum();
                pixels.push(u8::try_from(sum / count).unwrap());
            }
        }
        Self { width, height, pixels }
    }

    /// Turned by a few degrees on a grey table, as by a hand that is not steady.
    fn turned(&self, degrees: f64) -> Self {
        let side = self.width * 5 / 4;
        let (sin, cos) = degrees.to_radians().sin_cos();
        let mut pixels = Vec::new();
        for y in 0..side {
            for x in 0..side {
                let (dx, dy) = (x as f64 - side as f64 / 2.0, y as f64 - side as f64 / 2.0);
                let from_x = dx * cos + dy * sin + self.width as f64 / 2.0;
                let from_y = dy * cos - dx * sin + self.height as f64 / 2.0;
                let inside =
                    (0.0..self.width as f64).contains(&from_x) && (0.0..self.height as f64).contains(&from_y);
                pixels.push(if inside {
                    self.pixels[from_y as usize * self.width + from_x as usize]
                } else {
                    170
                });
            }
        }
        Self { width: side, height: side, pixels }
    }

    fn at(&self, x: usize, y: usize) -> usize {
        usize::from(self.pixels[y * self.width + x])
    }

    fn read(&self) -> Option<String> {
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(self.width, self.height, |x, y| {
            self.pixels[y * self.width + x]
        });
        image.detect_grids().into_iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
    }
}

fn around(at: usize, radius: usize, end: usize) -> std::ops::Range<usize> {
    at.saturating_sub(radius)..(at + radius + 1).min(end)
}

/// A link as long as Kosha makes them, with its viewer.
fn typical_link() -> String {
    let payload = "eyJ1cmwiOiJodHRwczovL3JlbGF5LmV4YW1wbGUub3JnL2wvQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUEiLC\
                   JleHAiOjE3OTUzOTAwMDAsImZsYWciOiJQIiwia2V5IjoiQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkIiwi\
                   bGFiZWwiOiJIZWFsdGggcmVjb3JkcyJ9";
    format!("https://relay.example.org/v/#shlink:/{payload}")
}

/// A health card of 1195 characters in digits.
fn numeric_card() -> String {
    let pairs: Vec<String> = (0..1195).map(|at| (20 + at * 7 % 26).to_string()).collect();
    format!("shc:/{}", pairs.concat())
}

#[test]
fn png_is_read_as_it_is() {
    for text in [typical_link(), numeric_card(), "HELLO WORLD".to_owned(), "कोष".to_owned(), "x".to_owned()]
    {
        let image = Image::from_png(&Qr::new(&text).unwrap().png().unwrap());
        assert!(image.width >= 600 && image.width == image.height);
        assert_eq!(image.read().as_deref(), Some(text.as_str()));
    }
}

#[test]
fn png_is_read_after_blur_noise_and_scaling() {
    let text = typical_link();
    let image = Image::from_png(&Qr::new(&text).unwrap().png().unwrap());
    for (what, seen) in [
        ("blur", image.blurred(2)),
        ("noise", image.noisy(25, 7)),
        ("far away", image.scaled(image.width / 2)),
        ("odd scale", image.scaled(397)),
        ("turned", image.turned(7.0)),
        ("camera", image.turned(4.0).blurred(2).noisy(15, 99).scaled(540)),
    ] {
        assert_eq!(seen.read().as_deref(), Some(text.as_str()), "{what}");
    }
}

#[test]
fn the_tests_camera_can_fail() {
    let image = Image::from_png(&Qr::new(&typical_link()).unwrap().png().unwrap());
    assert_eq!(image.blurred(6).read(), None);
    assert_eq!(image.scaled(60).read(), None);
}

#[test]
fn terminal_decodes_back_to_the_same_modules_and_is_read() {
    let text = typical_link();
    let qr = Qr::new(&text).unwrap();
    let side = qr.full_size();
    let drawn = qr.terminal();
    let mut dark = Vec::new();
    for line in drawn.lines() {
        let cells = line.strip_prefix("\x1b[38;5;16;48;5;231m").unwrap().strip_suffix("\x1b[0m").unwrap();
        let halves: Vec<(bool, bool)> = cells
            .chars()
            .map(|cell| match cell {
                ' ' => (false, false),
                '▀' => (true, false),
                '▄' => (false, true),
                '█' => (true, true),
                other => panic!("{other:?} in the code"),
            })
            .collect();
        assert_eq!(halves.len(), side);
        dark.push(halves.iter().map(|half| half.0).collect::<Vec<_>>());
        dark.push(halves.iter().map(|half| half.1).collect::<Vec<_>>());
    }
    dark.truncate(side);
    for (y, row) in dark.iter().enumerate() {
        for (x, &module) in row.iter().enumerate() {
            assert_eq!(module, qr.dark(x, y));
        }
    }
    assert_eq!(modules_as_image(&dark, 5).read(), Some(text));
}

#[test]
fn svg_paths_fill_exactly_the_dark_modules() {
    let text = typical_link();
    let qr = Qr::new(&text).unwrap();
    let side = qr.full_size();
    let svg = qr.svg();
    assert!(svg.contains("shape-rendering=\"crispEdges\"") && svg.contains("fill=\"#fff\""));
    let path = svg.split("<path d=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut dark = vec![vec![false; side]; side];
    for run in path.split('M').skip(1) {
        let numbers: Vec<usize> =
            run.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
        let [x, y, width, height, back] = numbers[..] else { panic!("{run}") };
        assert_eq!((height, back), (1, width));
        dark[y][x..x + width].fill(true);
    }
    assert_eq!(modules_as_image(&dark, 5).read(), Some(text));
}

#[test]
fn quiet_zone_is_four_modules_on_every_side() {
    let qr = Qr::new("x").unwrap();
    let side = qr.full_size();
    assert_eq!(side, qr.size() + 8);
    for y in 0..side {
        for x in 0..side {
            let margin = [x, y, side - 1 - x, side - 1 - y].into_iter().any(|at| at < QUIET_ZONE);
            assert!(!(margin && qr.dark(x, y)));
        }
    }
    assert!(qr.dark(QUIET_ZONE, QUIET_ZONE) && !qr.dark(side, 0));
}

#[test]
fn correction_and_version_follow_the_length() {
    let link = Qr::new(&typical_link()).unwrap();
    assert_eq!(link.correction(), ErrorCorrection::Medium);
    assert!(link.version() <= 15, "{}", link.version());
    // Segments: 1195 characters of a card fit version 22 only when the digits are packed as numbers.
    let card = Qr::new(&numeric_card()).unwrap();
    assert!(card.version() <= 26, "{}", card.version());
    let alphanumeric = Qr::new(&"A".repeat(3000)).unwrap();
    assert_eq!(alphanumeric.correction(), ErrorCorrection::Medium);
    let long = Qr::new(&"a".repeat(2500)).unwrap();
    assert_eq!(long.correction(), ErrorCorrection::Low);
    assert_eq!(Qr::new(&"a".repeat(2954)).unwrap_err(), QrError::TooLong);
    assert_eq!(Qr::new(&"a".repeat(1_000_000)).unwrap_err(), QrError::TooLong);
    assert_eq!(Qr::new("").unwrap_err(), QrError::Empty);
}

#[test]
fn debug_does_not_show_the_code() {
    assert_eq!(format!("{:?}", Qr::new("secret").unwrap()), "Qr { version: 1, correction: Medium, .. }");
}

fn modules_as_image(dark: &[Vec<bool>], scale: usize) -> Image {
    let side = dark.len() * scale;
    let pixels =
        (0..side * side).map(|at| if dark[at / side / scale][at % side / scale] { 0 } else { 255 }).collect();
    Image { width: side, height: side, pixels }
}
