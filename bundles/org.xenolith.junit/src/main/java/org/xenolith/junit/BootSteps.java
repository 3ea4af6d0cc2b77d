// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

/** What is done once in a booted machine that tests share; with a constructor without parameters, as visible as a test's. */
public interface BootSteps {
  /**
   * Does it. What the machine has then, each test finds.
   *
   * @throws Exception fails each test that shares the machine
   */
  void prepare(GuestMachine machine) throws Exception;

  /** Nothing is to be done. */
  final class None implements BootSteps {
    /** Made by reflection. */
    public None() {}

    @Override
    public void prepare(GuestMachine machine) {
      // The boot is enough.
    }
  }
}
