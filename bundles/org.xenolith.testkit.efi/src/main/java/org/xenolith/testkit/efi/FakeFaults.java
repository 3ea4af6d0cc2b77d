// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiAccess;

/** What a {@link FakeFirmware} has go wrong: one thing, at a place that is counted from when it was said. */
public final class FakeFaults {
  /** What goes wrong. */
  private enum Kind {
    NONE, ALLOCATION, CALL, ACCESS, STEP
  }

  private Kind kind = Kind.NONE;
  private long left;
  private long answer;
  private boolean over;
  /** Whether layers are away. */
  private boolean away;

  private void set(Kind what, long number, long says) {
    kind = what;
    left = number;
    answer = says;
    over = false;
  }

  /** Nothing goes wrong any more. */
  public void none() {
    set(Kind.NONE, 0, 0);
  }

  /** An allocation of pages or of an interface's memory is OUT_OF_RESOURCES. @param number 1: the next one */
  public void allocation(long number) {
    set(Kind.ALLOCATION, number, 0);
  }

  /**
   * A call of a function that isn't a layer's does nothing and returns a status: a boot service that makes something, or a function of a test's protocol.
   *
   * @param number 1: the next one
   */
  public void call(long number, EfiStatus status) {
    set(Kind.CALL, number, status.code());
  }

  /**
   * A register that is read has this value; a hypercall does nothing and returns it. What is written is written.
   *
   * @param number 1: the next access
   */
  public void access(long number, long value) {
    set(Kind.ACCESS, number, value);
  }

  /**
   * Layers are taken away before a step of a function that is under way, and stay away until the test's call has returned: each of their functions is
   * DEVICE_ERROR from then on.
   *
   * @param number 1: the next step that isn't a function's first
   */
  public void step(long number) {
    set(Kind.STEP, number, 0);
  }

  /** Whether it went wrong. */
  public boolean happened() {
    return over;
  }

  private boolean isNow(Kind what) {
    if (kind != what || over) {
      return false;
    }
    over = --left == 0;
    return over;
  }

  boolean refusesAllocation() {
    return isNow(Kind.ALLOCATION);
  }

  boolean refusesCall() {
    return isNow(Kind.CALL);
  }

  boolean refusesStep(int steps) {
    return kind == Kind.STEP && (away || steps > 0 && isNow(Kind.STEP) && (away = true));
  }

  /** The test's call has returned. */
  void stepOver() {
    away = false;
  }

  long answer() {
    return answer;
  }

  long access(EfiAccess access, FakeFirmware.Registers registers) {
    if (!isNow(Kind.ACCESS)) {
      return registers.access(access);
    }
    if (access.kind() == EfiAccess.Kind.HYPERCALL) {
      return answer == 0 ? registers.access(access) : answer;
    }
    long said = registers.access(access);
    return access.kind() == EfiAccess.Kind.WRITE ? said : answer;
  }
}
