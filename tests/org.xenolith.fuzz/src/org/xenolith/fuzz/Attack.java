// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.List;

/**
 * One thing that is attacked. Every concrete class of this program that implements it and has a constructor without arguments is
 * an entry of the command line ({@link Attacks}); there is no list. A constructor does no work: help makes an object of each.
 *
 * <p>Inputs are executed one after another, by one thread, in a world that is used again while nothing is wrong with it. Whoever
 * has several worlds ({@link #world}) gets an object for each: all inputs of one object are for the same world, so it is made with
 * the first input after {@link #fresh}.
 */
public interface Attack {
  /** As the command line names it: lower-case letters and digits. */
  String word();

  /** What an input is, in one line, for help and report; no full stop at its end. */
  String says();

  /** Packages whose branches guide the fuzzer, as Jazzer's {@code --instrumentation_includes} takes them, such as "org.xenolith.fdt.**". */
  List<String> instrumented();

  /** What the JVM is told for it, at least one option. */
  default List<String> options() {
    return List.of("-Dxenolith.memory=heap");
  }

  /**
   * Executes one input. What is thrown is a finding, too. The same inputs since {@link #fresh} have the same outcome: no clock, no
   * chance.
   *
   * @return what is wrong, one line each; empty when nothing is. After a finding {@link #fresh} comes next
   */
  List<String> execute(byte[] input);

  /** Begins with a new world: before the first input, after a finding, and every few hundred inputs. Also gives back what the old one held. */
  void fresh();

  /** What earlier inputs left behind that no later one may see, one line each; asked before {@link #fresh}, unless there is a finding already. */
  default List<String> left() {
    return List.of();
  }

  /** Which of several worlds an input is for, such as the version of the GIC: not negative, by the input's bytes alone. */
  default int world(byte[] input) {
    return 0;
  }
}
