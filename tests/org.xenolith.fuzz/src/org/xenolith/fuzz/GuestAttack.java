// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.List;
import org.xenolith.hyp.api.Domain;

/** A guest attacks the hypervisor: an input is what one domain does. A world is a board's version of the GIC. */
abstract class GuestAttack implements Attack {
  private Fuzzing fuzzing;

  /** What the domain executes, at {@link GuestPlace#CODE}. */
  abstract byte[] code();

  /**
   * Puts an input where the guest's code takes it from.
   *
   * @return the instructions that it is given: more than it needs unless it goes round
   */
  abstract long place(World world, Domain guest, byte[] input);

  /** Takes back what {@link #place} gave the world, when the guest is gone. */
  void end(World world, Domain guest) {}

  /** Whether the board has PCI functions, of which each guest is given some. */
  boolean cards() {
    return false;
  }

  /** Subsystems without which it would hit nothing, by their roles, besides those that every world has. */
  List<String> roles() {
    return List.of();
  }

  /** What of the hypervisor an input is meant for: packages below {@code org.xenolith.hyp}. The rest only makes domains, and fast. */
  abstract List<String> packages();

  @Override
  public List<String> instrumented() {
    return packages().stream().map(name -> "org.xenolith.hyp." + name).toList();
  }

  @Override
  public int world(byte[] input) {
    return 2;
  }

  @Override
  public List<String> execute(byte[] input) {
    if (fuzzing == null) {
      World.demand(roles());
      fuzzing = new Fuzzing(this, world(input));
    }
    return fuzzing.execute(input);
  }

  @Override
  public List<String> left() {
    return fuzzing == null ? List.of() : fuzzing.left();
  }

  @Override
  public void fresh() {
    if (fuzzing != null) {
      fuzzing.fresh();
    }
  }
}
