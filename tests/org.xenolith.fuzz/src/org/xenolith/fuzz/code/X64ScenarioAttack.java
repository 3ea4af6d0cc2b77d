// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.code;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.xenolith.conformance.cpu.x64.ScenarioEngines;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.ByteDecisions;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.kit.HostMemory;

/** What the conformance tests run by a seed, by an input: user and privileged code of a PC, tables, segments, breakpoints, interrupts. */
public final class X64ScenarioAttack implements Attack {
  private Path folder;

  @Override
  public String word() {
    return "x64scenarios";
  }

  @Override
  public String says() {
    return "decisions of the generator of x86-64 scenarios, behind a byte for their kind (paging, segments, exceptions, debug, TLB, XSAVE, interrupts,"
        + " user code, privileged code): machine code without, with new and with kept translations must come to what the interpreter comes to";
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
    InputBytes bytes = new InputBytes(input);
    try {
      return ScenarioEngines.differences(bytes.next(), new ByteDecisions(bytes), folder);
    } finally {
      // What is kept is this input's only.
      empty();
    }
  }

  @Override
  public void fresh() {
    if (!HostMemory.OUTSIDE) {
      throw new IllegalStateException("machine code needs guests' memory outside of the heap: -Dxenolith.memory=outside");
    }
    try {
      if (folder == null) {
        folder = Files.createTempDirectory("xenolith-fuzz-x64");
        folder.toFile().deleteOnExit();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    empty();
  }

  private void empty() {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
