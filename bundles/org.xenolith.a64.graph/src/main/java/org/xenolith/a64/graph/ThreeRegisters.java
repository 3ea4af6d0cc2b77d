// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

/** An instruction of a destination and two sources, by their numbers in {@code Cpu.x}. */
abstract class ThreeRegisters extends Node {
  int rd;
  int rn;
  int rm;

  /** Gives it its operands. */
  final Node of(int d, int n, int m) {
    rd = d;
    rn = n;
    rm = m;
    return this;
  }
}
