//! The seeded generator of a sandbox: the only source of randomness, and the same one every run.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::loyalty::World;

/// A stream of random bytes that depends on the seed, the sandbox's name and the stream's own name, and on
/// nothing else: one use of dice does not disturb another.
#[derive(Clone)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream `stream` of the sandbox `sandbox` under `seed`.
    pub fn new(seed: u64, sandbox: &str, stream: &str) -> Dice {
        // FNV-1a over both names, with a byte between them that no name holds.
        let name = sandbox.bytes().chain([0xff]).chain(stream.bytes());
        let hash = name.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&hash.to_le_bytes());
        Dice(ChaCha8Rng::from_seed(key))
    }

    /// The next bytes of the stream.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// A number from 0 up to, and without, 1.
    pub fn fraction(&mut self) -> f64 {
        let bits = u64::from_le_bytes(self.bytes()) >> (64 - f64::MANTISSA_DIGITS);
        // As many bits as a float holds.
        #[allow(clippy::cast_precision_loss)]
        let (bits, all) = (bits as f64, (1_u64 << f64::MANTISSA_DIGITS) as f64);
        bits / all
    }

    /// A whole number from 0 up to, and without, `end`; 0 if that is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        let number = u128::from(u64::from_le_bytes(self.bytes()));
        // The upper half of the product: as even as the numbers themselves, and below `end`.
        u64::try_from((number * u128::from(end)) >> 64).expect("the upper half of 128 bits has 64")
    }
}

/// From now on a world's new ids and tokens are those of the sandbox `sandbox` under `seed`.
pub fn reseed(world: &mut World, seed: u64, sandbox: &str) {
    world.loyalclient.set_machine(Dice::new(seed, sandbox, "ids").bytes());
    world.ibonus.set_seed(Dice::new(seed, sandbox, "ibonus").bytes());
    world.probonus.set_seed(Dice::new(seed, sandbox, "probonus").bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_names_give_the_same_bytes_for_ever() {
        assert_eq!(Dice::new(0, "default", "ids").bytes(), [221, 52, 233, 134, 159]);
    }

    #[test]
    fn fractions_and_numbers_keep_within_their_bounds() {
        let mut dice = Dice::new(0, "default", "faults");
        let fractions: Vec<f64> = (0..1_000).map(|_| dice.fraction()).collect();
        assert!(fractions.iter().all(|it| (0.0..1.0).contains(it)));
        let sum: f64 = fractions.iter().sum();
        assert!((450.0..550.0).contains(&sum), "{sum}");
        let mut seen = [0; 6];
        for _ in 0..600 {
            seen[usize::try_from(dice.below(6)).unwrap()] += 1;
        }
        assert!(seen.iter().all(|count| (60..=140).contains(count)), "{seen:?}");
        assert_eq!((dice.below(0), dice.below(1)), (0, 0));
    }

    #[test]
    fn every_sandbox_seed_and_stream_has_its_own() {
        let streams = [
            Dice::new(0, "a", "ids"),
            Dice::new(1, "a", "ids"),
            Dice::new(0, "b", "ids"),
            Dice::new(0, "a", "x"),
        ];
        let mut drawn = streams.map(|mut dice| dice.bytes::<8>()).to_vec();
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn.len(), 4);
    }
}
