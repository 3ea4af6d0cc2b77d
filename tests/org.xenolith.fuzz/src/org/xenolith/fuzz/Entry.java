package org.xenolith.fuzz;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.xenolith.hyp.api.Domain;

/** From where a guest attacks. */
enum Entry {
  /** All hypercalls with arguments in registers and memory. */
  HYPERCALLS(GuestCode.HYPERCALLS) {
    @Override void place(World world, Domain guest, byte[] input) {
      HypercallInput.place(guest, input);
    }
  },
  /** Instructions that trap, on a GICv2 or GICv3. */
  TRAPS(GuestCode.PROGRAM) {
    @Override void place(World world, Domain guest, byte[] input) {
      TrapInput.place(guest, input);
    }

    @Override int gic(byte[] input) {
      return TrapInput.gic(input);
    }
  },
  /** Messages to the store, and the indices of its ring. */
  STORE(GuestCode.SCRIPT) {
    @Override void place(World world, Domain guest, byte[] input) {
      StoreInput.place(guest, input);
    }
  },
  /** Requests, indices and grants of block, network and console rings. */
  RINGS(GuestCode.SCRIPT) {
    @Override void place(World world, Domain guest, byte[] input) {
      RingInput.place(world, guest, input);
    }

    @Override void end(World world, Domain guest) {
      RingDevices.end(world, guest);
    }
  },
  /** What a guest does with PCI functions that it was given, and physdev_op of Dom0's. */
  PCI(GuestCode.PROGRAM) {
    @Override void place(World world, Domain guest, byte[] input) {
      PciInput.place(world, guest, input);
    }

    @Override int gic(byte[] input) {
      return 3;
    }

    @Override boolean cards() {
      return true;
    }
  };

  final byte[] code;

  Entry(byte[] code) {
    this.code = code;
  }

  /** Puts an input where the guest's code takes it from. */
  abstract void place(World world, Domain guest, byte[] input);

  /** Takes back what {@link #place} gave the world, when the guest is gone. */
  void end(World world, Domain guest) { }

  /** Version of the GIC of the board that an input is for. */
  int gic(byte[] input) {
    return 2;
  }

  /** Whether the board has PCI functions, of which each guest is given some. */
  boolean cards() {
    return false;
  }

  /** As the command line names it. */
  String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  static Entry of(String word) {
    return Arrays.stream(values()).filter(e -> e.word().equals(word)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no entry " + word + "; there are "
            + Arrays.stream(values()).map(Entry::word).collect(Collectors.joining(", "))));
  }
}
