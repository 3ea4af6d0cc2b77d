// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.OptionName;
import org.xenolith.debug.kit.DebuggedPast;

/** A debugger that goes through the past of a fake machine. */
class BackwardsTest {
  private final FakePast run = new FakePast();
  private final StubClient client = new StubClient(Optional.of(new DebuggedPast(run, each -> run.view)));

  @BeforeEach
  void begin() {
    client.machine.processors.getFirst().set("PC", FakePast.pc(30));
  }

  private String ask(String packet) {
    return client.ask(packet);
  }

  private static String stop(int number, String reason) {
    return "T05thread:1;1:%s;%s".formatted("%016x".formatted(Long.reverseBytes(FakePast.pc(number))), reason);
  }

  @Test
  void whereNothingIsKeptNothingGoesBackwards() {
    StubClient without = new StubClient(Optional.empty());
    assertFalse(without.ask("qSupported:swbreak+").contains("Reverse"));
    assertEquals("", without.ask("bs"));
    assertEquals("", without.ask("bc"));
  }

  @Test
  void aDebuggerStepsBackAndForthAndComesToThePresentAgain() {
    assertTrue(ask("qSupported:swbreak+").endsWith(";ReverseStep+;ReverseContinue+"));
    assertEquals(stop(29, ""), ask("bs"));
    assertEquals(stop(28, ""), ask("bs"));
    assertEquals("%016x".formatted(Long.reverseBytes(FakePast.pc(28))), ask("p1"), "registers are those of then");
    assertEquals(stop(29, ""), ask("vCont;s:1"));
    assertEquals(stop(30, "replaylog:end;"), ask("vCont;s:1"));
    assertEquals(1, run.closed);
    assertEquals("", ask("vCont;s:1"));
    assertEquals(List.of("step 0"), client.done, "the machine itself goes on from there");
  }

  @Test
  void aDebuggerRunsBackToABreakpointAndToTheBeginning() {
    ask("Z1,%x,4".formatted(FakePast.pc(7)));
    ask("qSupported:swbreak+");
    assertEquals(stop(7, "hwbreak:;"), ask("bc"));
    assertEquals(stop(0, "replaylog:begin;"), ask("bc"));
    assertEquals(stop(7, "hwbreak:;"), ask("vCont;c"));
    assertEquals(stop(30, "replaylog:end;"), ask("vCont;c"));
  }

  @Test
  void aDebuggerIsToldWhyNothingIsBeforeWhereABundleWasReplaced() {
    run.before = "replay it with " + OptionName.option("history");
    String told = "replay it with --history\n";
    assertEquals("O" + Reply.hex(told).text() + stop(0, "replaylog:begin;"), ask("bc"));
    assertTrue(client.monitor("history").endsWith("\n" + told));
  }

  @Test
  void backwardsAWatchpointStopsBeforeTheStoreWhereTheValueIsTheOneBefore() {
    ask("Z2,%x,8".formatted(FakePast.WORD));
    assertEquals(stop(20, "watch:%x;".formatted(FakePast.WORD)), ask("bc"));
    assertEquals("0100000000000000", ask("m%x,8".formatted(FakePast.WORD)));
    assertEquals(stop(10, "watch:%x;".formatted(FakePast.WORD)), ask("bc"));
    assertEquals(stop(11, "watch:%x;".formatted(FakePast.WORD)), ask("vCont;c"), "forwards behind it");
  }

  @Test
  void whatWasIsNotWrittenTo() {
    ask("bs");
    for (String packet : List.of("M10000,1:00", "P0=0000000000000000", "G00")) {
      assertEquals("E.what was can't be written to", ask(packet));
    }
  }

  @Test
  void aDebuggerGoesToAMomentByAWord() {
    assertEquals("30@30ns, the present\n", client.monitor("at"));
    assertTrue(client.monitor("at 12").contains("12 instructions"));
    assertEquals("%016x".formatted(Long.reverseBytes(FakePast.pc(12))), ask("p1"));
    assertEquals("12@12ns\n", client.monitor("at"));
    assertEquals("at: beyond the present\n", client.monitor("at 31"));
    assertEquals("at: 'noon' is no moment\n", client.monitor("at noon"));
    assertEquals("from 0@0ns to 30@30ns, 1 checkpoints, 1 of 2 MiB\n", client.monitor("history"));
  }
}
