// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

/** What samples add up to. */
final class Weight {
  long samples;
  long instructions;
  long nanoseconds;

  void add(long moreSamples, long moreInstructions, long moreNanoseconds) {
    samples += moreSamples;
    instructions += moreInstructions;
    nanoseconds += moreNanoseconds;
  }

  void add(Weight other) {
    add(other.samples, other.instructions, other.nanoseconds);
  }
}
