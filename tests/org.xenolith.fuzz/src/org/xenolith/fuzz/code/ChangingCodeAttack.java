// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.code;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.cpu.a64.machinecode.PlainMachineCode;
import org.xenolith.fuzz.Attack;
import org.xenolith.machine.kit.HostMemory;

/** Code that changes itself, on the interpreter, in machine code, and in machine code in lock-step. */
public final class ChangingCodeAttack implements Attack {
  private final List<CodeWorld> worlds = new ArrayList<>();

  @Override
  public String word() {
    return "code";
  }

  @Override
  public String says() {
    return "instructions of a guest at EL1 whose registers point at them: three engines must come to the same state";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.cpu.a64.machinecode.**");
  }

  @Override
  public List<String> options() {
    return List.of("-Dxenolith.memory=outside");
  }

  @Override
  public List<String> execute(byte[] input) {
    String expected = worlds.getFirst().outcome(input);
    List<String> wrong = new ArrayList<>();
    for (CodeWorld world : worlds.subList(1, worlds.size())) {
      String actual = world.outcome(input);
      if (!actual.equals(expected)) {
        wrong.add("%s differs: %s, interpreter: %s".formatted(world, actual, expected));
      }
    }
    return wrong;
  }

  @Override
  public void fresh() {
    if (!HostMemory.OUTSIDE) {
      throw new IllegalStateException("machine code needs guests' memory outside of the heap: -Dxenolith.memory=outside");
    }
    worlds.forEach(CodeWorld::close);
    worlds.clear();
    worlds.add(new CodeWorld("interpreter", Interpreter::new));
    worlds.add(new CodeWorld("machine code", PlainMachineCode::of));
    worlds.add(new CodeWorld("machine code in lock-step", PlainMachineCode::lockstep));
  }
}
