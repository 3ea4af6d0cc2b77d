// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.HypervisorTracePort.Kind;
import org.xenolith.hyp.kit.TraceRing;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.EventChannelOp;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MemoryOp;
import org.xenolith.xen.abi.SchedOp;
import org.xenolith.xen.abi.XenErrno;

class TraceTest {
  private static final String ROLE = "trace";
  private static final TraceComponent COMPONENT = new TraceComponent();

  @TempDir
  Path folder;

  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final HypervisorTracePort trace = hypervisor.port(HypervisorTracePort.class);
  private final TraceRing record = hypervisor.port(TraceRing.class);
  private final TraceCommand command = new TraceCommand();
  private boolean withHypervisor = true;

  private Machine machine() {
    Platform platform = new Platform("test", null, withHypervisor
        ? List.of(FakeNode.at(HypervisorNode.PATH).compatible(HypervisorNode.COMPATIBLE).build()) : List.of(), null);
    return (Machine) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Machine.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "platform" -> platform;
          case "port" -> hypervisor.port((Class<?>) arguments[1]);
          case "post" -> {
            ((Runnable) arguments[0]).run();
            yield null;
          }
          default -> throw new AssertionError(method);
        });
  }

  private String run(String line) {
    return command.execute(machine(), line.isEmpty() ? List.of() : List.of(line.split(" ")));
  }

  @Test
  void nothingIsRecordedUnlessWanted() {
    hypervisor.install(ROLE, COMPONENT);
    hypervisor.dom0(1);
    assertFalse(trace.on());
    assertEquals(0, record.written());
    assertTrue(run("show").contains("trace on begins"));
    run("on");
    assertTrue(trace.on());
    run("off");
    assertFalse(trace.on());
  }

  @Test
  void linesAreReadable() {
    hypervisor.install(ROLE, COMPONENT);
    FakeDomain dom0 = hypervisor.dom0(2);
    run("on");
    hypervisor.clock().advance(7_012_345_678L);
    trace.happened(Kind.TRAP, dom0.vcpu(1), 0x16, 0xEA1, 0xFFFF_8000_0800_0000L);
    trace.happened(Kind.HYPERCALL, dom0.vcpu(1), HypercallNumber.__HYPERVISOR_event_channel_op, EventChannelOp.EVTCHNOP_send, 0x10);
    trace.happened(Kind.EVENT, dom0.vcpu(0), 17, 0, EventChannelOp.EVTCHNSTAT_interdomain);
    trace.happened(Kind.RESULT, dom0.vcpu(1), HypercallNumber.__HYPERVISOR_event_channel_op, -XenErrno.XEN_ENOSYS, 0);
    trace.happened(Kind.HYPERCALL, dom0.vcpu(0), HypercallNumber.__HYPERVISOR_memory_op, MemoryOp.XENMEM_add_to_physmap_batch, 0x20);
    trace.happened(Kind.HYPERCALL, dom0.vcpu(0), HypercallNumber.__HYPERVISOR_sysctl, 0xABC000, 0);
    trace.happened(Kind.HYPERCALL, dom0.vcpu(0), 4711, 1, 2);
    trace.happened(Kind.RESULT, dom0.vcpu(0), HypercallNumber.__HYPERVISOR_memory_op, 0, 1);
    trace.happened(Kind.INTERRUPT, dom0.vcpu(0), 27, 0, 0);
    trace.happened(Kind.INTERRUPT, null, 33, 1, 0);
    trace.happened(Kind.GRANT_MAP, null, 8, 2, -1);
    trace.happened(Kind.GRANT_UNMAP, dom0.vcpu(0), 8, 3, 0x38000);
    trace.happened(Kind.SWITCH, dom0.vcpu(0), 0, 0, 0);
    assertEquals("""
        7.012345678 d0v1    trap        cause 0x16, detail 0xea1 at 0xffff800008000000
        7.012345678 d0v1    hypercall   event_channel_op send 0x10
        7.012345678 d0v0    event       port 17 of d0, interdomain
        7.012345678 d0v1    result      event_channel_op = -ENOSYS
        7.012345678 d0v0    hypercall   memory_op add_to_physmap_batch 0x20
        7.012345678 d0v0    hypercall   sysctl 0xabc000 0x0
        7.012345678 d0v0    hypercall   hypercall 4711 0x1 0x2
        7.012345678 d0v0    result      memory_op goes on
        7.012345678 d0v0    interrupt   INTID 27 injected
        7.012345678 -       interrupt   INTID 33 of the hardware on CPU 0
        7.012345678 -       grant-map   reference 8 of d2 for a back end
        7.012345678 d0v0    grant-unmap reference 8, handle 3 at frame 0x38000
        7.012345678 d0v0    switch      runs on CPU 0
        """, run("show"));
    assertEquals("7.012345678 d0v0    switch      runs on CPU 0\n", run("show 1"));
  }

  @Test
  void everyOperationHasOneName() {
    assertEquals("increase_reservation", Names.operation(HypercallNumber.__HYPERVISOR_memory_op, 0));
    assertEquals("decrease_reservation", Names.operation(HypercallNumber.__HYPERVISOR_memory_op, 1));
    assertEquals("memory_map", Names.operation(HypercallNumber.__HYPERVISOR_memory_op, 9));
    assertEquals("sharing_op", Names.operation(HypercallNumber.__HYPERVISOR_memory_op, 22));
    assertEquals("acquire_resource", Names.operation(HypercallNumber.__HYPERVISOR_memory_op, 28));
    assertEquals("block", Names.operation(HypercallNumber.__HYPERVISOR_sched_op, SchedOp.SCHEDOP_block));
    assertEquals("99", Names.operation(HypercallNumber.__HYPERVISOR_sched_op, 99));
    assertEquals("-EPERM", Names.result(-1));
    assertEquals("0x40011", Names.result(0x40011));
    assertEquals("crash", Names.shutdown(SchedOp.SHUTDOWN_crash));
    assertEquals("soft_reset", Names.shutdown(SchedOp.SHUTDOWN_soft_reset));
  }

  @Test
  void domainsComeAndGoInTheRecord() {
    hypervisor.install(ROLE, COMPONENT);
    run("on");
    FakeDomain guest = hypervisor.domU(5, 1);
    guest.shutdown(SchedOp.SHUTDOWN_reboot);
    hypervisor.destroy(guest);
    assertEquals("""
        0.000000000 -       domain      d5 created
        0.000000000 -       domain      d5 shut down: reboot
        0.000000000 -       domain      d5 destroyed
        """, run("show"));
  }

  @Test
  void theRingKeepsTheLatest() {
    hypervisor.install(ROLE, COMPONENT);
    run("on");
    for (int i = 0; i < TraceRing.ENTRIES + 5; i++) {
      trace.happened(Kind.SWITCH, null, i, 0, 0);
    }
    List<TraceRing.Entry> all = record.last(Integer.MAX_VALUE);
    assertEquals(TraceRing.ENTRIES, all.size());
    assertEquals(5, all.getFirst().a());
    assertEquals(TraceRing.ENTRIES + 4, all.getLast().a());
    run("clear");
    assertEquals(List.of(), record.last(1));
  }

  @Test
  void aRequestOutlivesTheRecorder() {
    hypervisor.install(ROLE, COMPONENT);
    run("on");
    trace.happened(Kind.SWITCH, null, 0, 0, 0);
    hypervisor.replace(ROLE, COMPONENT);
    trace.happened(Kind.SWITCH, null, 1, 0, 0);
    assertEquals(2, record.written());
    StateRecord saved = hypervisor.remove(ROLE);
    assertFalse(trace.on());
    assertEquals(2, run("show").lines().count());
    assertTrue(run("on").contains("add a bundle with the subsystem trace"));
    hypervisor.bringBack(ROLE, COMPONENT, saved);
    assertTrue(trace.on());
    trace.happened(Kind.SWITCH, null, 2, 0, 0);
    assertEquals(3, record.written());
  }

  @Test
  void aRecorderThatThrowsIsTakenOut() {
    hypervisor.install(ROLE, COMPONENT);
    trace.recorder((kind, vcpu, a, b, c) -> {
      throw new IllegalStateException("bug");
    }, hypervisor.context(ROLE));
    trace.want(true);
    assertThrows(RuntimeException.class, () -> trace.happened(Kind.SWITCH, null, 0, 0, 0));
    assertFalse(trace.on());
    trace.happened(Kind.SWITCH, null, 0, 0, 0);
  }

  @Test
  void aRecordIsSavedIntoAFile() throws IOException {
    hypervisor.install(ROLE, COMPONENT);
    run("on");
    trace.happened(Kind.SWITCH, null, 3, 0, 0);
    Path file = folder.resolve("trace.txt");
    assertEquals("1 entries in " + file + "\n", run("save " + file));
    assertEquals(List.of("0.000000000 -       switch      idle on CPU 3"), Files.readAllLines(file));
    BadInput bad = assertThrows(BadInput.class, () -> run("save " + folder.resolve("no/where")));
    assertTrue(bad.getMessage().contains("a folder that exists"), bad.getMessage());
  }

  @Test
  void wrongWordsGetAReason() {
    for (String line : List.of("show x", "show 0", "show 1 2", "save", "of", "on now")) {
      assertTrue(assertThrows(BadInput.class, () -> run(line)).getMessage().startsWith("trace"), line);
    }
    withHypervisor = false;
    assertTrue(assertThrows(BadInput.class, () -> run("on")).getMessage().contains("⟦hypervisor⟧"));
  }
}
