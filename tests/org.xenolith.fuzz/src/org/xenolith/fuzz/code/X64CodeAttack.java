// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.code;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.cpu.x64.machinecode.PlainX64MachineCode;
import org.xenolith.fuzz.Attack;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.x64.graph.Interpreter;

/** Any code of an x86-64 guest, on the interpreter, in other slices, and in machine code. */
public final class X64CodeAttack implements Attack {
  private final List<X64CodeWorld> worlds = new ArrayList<>();

  @Override
  public String word() {
    return "x64code";
  }

  @Override
  public String says() {
    return "x86-64 code of a guest at level 3 or 0, or of 32 or 16 bits, behind ten bytes that say mode, slices and registers: the interpreter, in"
        + " one slice and in many, and machine code must come to the same state";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.x64.**", "org.xenolith.cpu.x64.machinecode.**");
  }

  @Override
  public List<String> options() {
    return List.of("-Dxenolith.memory=outside");
  }

  @Override
  public List<String> execute(byte[] input) {
    String expected = worlds.getFirst().outcome(input);
    List<String> wrong = new ArrayList<>();
    for (X64CodeWorld world : worlds.subList(1, worlds.size())) {
      String difference = X64CodeWorld.difference(expected, world.outcome(input));
      if (!difference.isEmpty()) {
        wrong.add(world + " differs: " + difference);
      }
    }
    return wrong;
  }

  @Override
  public void fresh() {
    if (!HostMemory.OUTSIDE) {
      throw new IllegalStateException("machine code needs guests' memory outside of the heap: -Dxenolith.memory=outside");
    }
    worlds.forEach(X64CodeWorld::close);
    worlds.clear();
    worlds.add(new X64CodeWorld("interpreter", Interpreter::new, false));
    worlds.add(new X64CodeWorld("interpreter in slices", Interpreter::new, true));
    worlds.add(new X64CodeWorld("machine code", PlainX64MachineCode::of, false));
    worlds.add(new X64CodeWorld("machine code in slices", PlainX64MachineCode::of, true));
  }
}
