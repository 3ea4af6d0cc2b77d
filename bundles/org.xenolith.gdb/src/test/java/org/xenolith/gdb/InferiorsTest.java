// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.api.StopPlace;

/** A debugger that has a hypervisor's domains as inferiors: one processor executes domain 0, one domain 3. */
class InferiorsTest {
  private static final StopPlace HERE = new StopPlace.Instruction(FakeMachine.CODE);
  private final StubClient client = new StubClient(Optional.empty());
  private final FakeMachine machine = client.machine;

  @BeforeEach
  void begin() {
    machine.executes.addAll(List.of("d0", "d3"));
  }

  private String ask(String packet) {
    return client.ask(packet);
  }

  private void connect() {
    assertTrue(ask("qSupported:multiprocess+;swbreak+").endsWith(";multiprocess+"));
  }

  @Test
  void inferiorsAreOfferedToWhoTellsThemApartWhereAHypervisorRuns() {
    assertFalse(ask("qSupported:swbreak+").contains("multiprocess"));
    assertFalse(ask("qSupported:xmlRegisters=i386,arm;multiprocess+").contains("multiprocess"), "LLDB");
    assertEquals("m1,2", ask("qfThreadInfo"));
    connect();
    assertEquals("mp1.1,p1.2", ask("qfThreadInfo"));
    machine.executes.clear();
    assertFalse(ask("qSupported:multiprocess+;swbreak+").contains("multiprocess"), "without a hypervisor");
  }

  @Test
  void whoAttachesToADomainHasTheProcessorsThatExecuteIt() {
    connect();
    assertEquals("d0: attach 2, on CPU 0\nd3: attach 5, on CPU 1\n", client.monitor("domains"));
    assertEquals("T05thread:p5.2;", ask("vAttach;5"));
    assertEquals("QCp5.2", ask("qC"));
    assertEquals("mp1.1,p1.2,p5.2", ask("qfThreadInfo"));
    machine.executes.set(1, "d0");
    assertEquals("mp1.1,p1.2", ask("qfThreadInfo"));
    assertEquals("E03", ask("Tp5.2"));
    assertEquals("E.no CPU executes code of that domain now; 'monitor domains' lists them", ask("vAttach;5"));
  }

  @Test
  void aBreakpointOfADomainIsMetByThatDomainAlone() {
    connect();
    ask("vAttach;5");
    ask("Hgp5.2");
    ask("Z1,%x,4".formatted(FakeMachine.CODE));
    ask("vCont;c:p5.-1");
    machine.stops.reach(HERE, 0, FakeMachine.CODE);
    assertEquals(List.of("continue"), client.done);
    machine.stops.reach(HERE, 1, FakeMachine.CODE);
    assertEquals(List.of("continue", "reached"), client.done);
    client.stub.halted();
    assertTrue(client.sent().startsWith("T05thread:p5.2;"));
  }

  @Test
  void aBreakpointOfTheMachineIsMetByAll() {
    connect();
    ask("vAttach;5");
    ask("Hgp1.1");
    ask("Z1,%x,4".formatted(FakeMachine.CODE));
    ask("vCont;c");
    machine.stops.reach(HERE, 1, FakeMachine.CODE);
    client.stub.halted();
    assertTrue(client.sent().startsWith("T05thread:p1.2;"));
  }

  @Test
  void whoLeavesOneAfterTheOtherHasLeftAtTheLast() {
    connect();
    ask("vAttach;5");
    assertEquals("OK", ask("D;1"));
    assertEquals(List.of(), client.done);
    assertEquals("OK", ask("D;5"));
    assertEquals(List.of("detach"), client.done);
  }

  @Test
  void aDomainIsNotTheDebuggersToEnd() {
    connect();
    ask("vAttach;5");
    assertEquals("E5f", ask("vKill;5"));
    assertEquals("OK", ask("vKill;1"));
    assertEquals(List.of("kill"), client.done);
  }
}
