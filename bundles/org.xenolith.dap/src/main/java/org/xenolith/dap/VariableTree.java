// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What an editor can open, branch by branch: numbers for those that have something in them, until the machine goes on. */
final class VariableTree {
  /**
   * One that is shown.
   *
   * @param name     of it
   * @param value    as people read it
   * @param children what is in it, found when it is opened; null if there is nothing
   * @param set      takes another value; null if it can't have one
   * @param memory   the address that it is, as a reference; null if it is none
   */
  record Shown(String name, String value, Supplier<List<Shown>> children, Consumer<String> set, String memory) {
    static Shown of(String name, String value) {
      return new Shown(name, value, null, null, null);
    }

    static Shown branch(String name, String value, Supplier<List<Shown>> children) {
      return new Shown(name, value, children, null, null);
    }
  }

  private final List<Supplier<List<Shown>>> branches = new ArrayList<>();

  /** All numbers are void: the machine goes on. */
  void clear() {
    branches.clear();
  }

  /** A number for what is in something, from 1 on; 0 for nothing. */
  int number(Supplier<List<Shown>> children) {
    if (children == null) {
      return 0;
    }
    branches.add(children);
    return branches.size();
  }

  /** What is in something. */
  List<Shown> children(int number) {
    if (number < 1 || number > branches.size()) {
      throw new RequestRefused("there are no variables " + number + ": the machine has gone on since");
    }
    return branches.get(number - 1).get();
  }
}
