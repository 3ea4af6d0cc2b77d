// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.code;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.xenolith.conformance.cpu.x64.ScenarioEngines;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.ByteDecisions;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.kit.HostMemory;

/** What the conformance tests run by a seed, by an input: user and privileged code of a PC, tables, segments, breakpoints, interrupts. */
public final class X64ScenarioAttack implements Attack {
  /** Scenarios of an input: the same but for one decision, as to begin with machines takes far longer than a scenario. */
  private static final int NEIGHBOURS = 8;
  private static final int MOST_BYTES = 4096;

  private Path folder;

  @Override
  public String word() {
    return "x64scenarios";
  }

  @Override
  public String says() {
    return "decisions of the generator of x86-64 scenarios, behind a byte for their kind (paging, segments, exceptions, debug, TLB, XSAVE, interrupts,"
        + " user code, privileged code), a count of bytes that choose its instructions, and the place of one that is counted up from scenario to scenario:"
        + " machine code without, with new and with kept translations must come to what the interpreter comes to";
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
      int kind = bytes.next();
      // Apart from the rest, which comes first: a byte of theirs is an instruction, whatever is there.
      byte[] pieces = bytes.take(bytes.next());
      int place = bytes.next();
      byte[] rest = bytes.take(MOST_BYTES);
      List<ScenarioEngines.Decisions> decisions = new ArrayList<>();
      for (int i = 0; i < NEIGHBOURS; i++) {
        decisions.add(new ScenarioEngines.Decisions(of(pieces.length == 0 ? other(rest, place, i) : rest), of(other(pieces, place, i))));
      }
      return ScenarioEngines.differences(kind, decisions, folder);
    } finally {
      // What is kept is this input's only.
      empty();
    }
  }

  private static ByteDecisions of(byte[] bytes) {
    return new ByteDecisions(new InputBytes(bytes));
  }

  /** Bytes of which one is so much more. */
  private static byte[] other(byte[] bytes, int place, int more) {
    byte[] changed = bytes.clone();
    if (changed.length > 0) {
      changed[place % changed.length] += (byte) more;
    }
    return changed;
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
