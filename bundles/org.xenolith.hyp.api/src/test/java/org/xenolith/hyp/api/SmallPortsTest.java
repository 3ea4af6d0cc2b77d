// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;
import org.xenolith.xen.abi.XenErrno;

/** Ports that many claim: hypercalls, traps, switches, the log, the trace, waiting for events. */
class SmallPortsTest {
  private static final RuntimeException BUG = new IllegalStateException("bug");
  private final Stand stand = new Stand();
  private final List<String> heard = new ArrayList<>();

  private Hypercall hypercall(int number) {
    return (Hypercall) Proxy.newProxyInstance(Hypercall.class.getClassLoader(), new Class<?>[] {Hypercall.class},
        (proxy, method, arguments) -> method.getName().equals("number") ? number : Stand.nothing(method.getReturnType()));
  }

  @Test
  void hypercallIsServedByWhoClaimedItLastAndElseNotImplemented() {
    HypercallsPort calls = new HypercallsPort();
    HypercallHandler one = call -> 1;
    HypercallHandler two = call -> 2;
    assertEquals(-XenErrno.XEN_ENOSYS, calls.dispatch(hypercall(17)));
    calls.claim(17, one, stand.owner("a"));
    calls.claim(17, two, stand.owner("b"));
    calls.release(17, one);
    assertEquals(2, calls.dispatch(hypercall(17)));
    calls.release(17, two);
    assertFalse(calls.served(17));
    for (int number : new int[] {-1, HypercallsPort.COUNT, Integer.MIN_VALUE}) {
      assertEquals(-XenErrno.XEN_ENOSYS, calls.dispatch(hypercall(number)), "number " + number);
      assertEquals(List.of(), calls.operations(number));
    }
  }

  @Test
  void handlerThatThrowsLosesAllItsNumbersAndOnlyTheseOfOneOwner() {
    HypercallsPort calls = new HypercallsPort();
    DeviceContext broken = stand.owner("broken");
    calls.claim(1, call -> {
      throw BUG;
    }, broken);
    calls.claim(2, call -> 0, broken);
    calls.claim(3, call -> 33, stand.owner("other"));
    assertEquals(-XenErrno.XEN_ENOSYS, calls.dispatch(hypercall(1)));
    assertEquals(List.of(BUG), stand.failures);
    assertFalse(calls.served(2));
    assertEquals(33, calls.dispatch(hypercall(3)));
  }

  private static HypercallHandler knowing(int operation, long answer) {
    return knowing(operation, answer, -XenErrno.XEN_ENOSYS);
  }

  private static HypercallHandler knowing(int operation, long answer, long toOthers) {
    HypercallOperation declared = (HypercallOperation) Proxy.newProxyInstance(HypercallOperation.class.getClassLoader(),
        new Class<?>[] {HypercallOperation.class}, (proxy, method, arguments) -> method.getName().equals("number") ? operation
            : Stand.nothing(method.getReturnType()));
    return new HypercallHandler() {
      @Override
      public long call(Hypercall call) {
        if (answer < 0) {
          throw BUG;
        }
        return call.argument(0) == operation ? answer : toOthers;
      }

      @Override
      public List<HypercallOperation> operations() {
        return List.of(declared);
      }
    };
  }

  private long operation(HypercallsPort calls, int operation) {
    return calls.dispatch((Hypercall) Proxy.newProxyInstance(Hypercall.class.getClassLoader(), new Class<?>[] {Hypercall.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "number" -> 20;
          case "argument" -> (long) operation;
          default -> Stand.nothing(method.getReturnType());
        }));
  }

  @Test
  void additionsAreAskedWhereWhoServesTheHypercallKnowsNoSuchNumber() {
    HypercallsPort calls = new HypercallsPort();
    calls.add(20, knowing(7, 77), stand.owner("more"));
    assertEquals(-XenErrno.XEN_ENOSYS, operation(calls, 7), "nobody serves the hypercall");
    HypercallHandler own = knowing(1, 11);
    calls.claim(20, own, stand.owner("own"));
    calls.add(20, knowing(1, 12), stand.owner("late"));
    calls.add(20, knowing(7, 78), stand.owner("later"));
    calls.add(20, knowing(9, 99), stand.owner("last"));
    assertEquals(List.of(11L, 77L, (long) -XenErrno.XEN_ENOSYS), List.of(operation(calls, 1), operation(calls, 7), operation(calls, 8)));
    assertEquals(99, operation(calls, 9), "each is asked for its own");
    assertEquals(List.of(1, 7, 9), calls.operations(20).stream().map(HypercallOperation::number).toList());
    calls.release(20, own);
    assertEquals(-XenErrno.XEN_ENOSYS, operation(calls, 7));
    assertEquals(List.of(), calls.operations(20));
  }

  @Test
  void additionsAreAskedForWhatWhoServesTheHypercallRefusesWithoutDeclaringIt() {
    HypercallsPort calls = new HypercallsPort();
    calls.claim(20, knowing(1, 11, -XenErrno.XEN_EINVAL), stand.owner("own"));
    calls.add(20, knowing(7, 77), stand.owner("more"));
    assertEquals(List.of(11L, 77L, (long) -XenErrno.XEN_EINVAL), List.of(operation(calls, 1), operation(calls, 7), operation(calls, 8)));
    calls.claim(20, call -> -XenErrno.XEN_EINVAL, stand.owner("own"));
    assertEquals(-XenErrno.XEN_EINVAL, operation(calls, 7), "who declares none knows all that it refuses");
    calls.claim(20, call -> 5, stand.owner("own"));
    assertEquals(5, operation(calls, 7));
  }

  @Test
  void anAdditionIsReplacedAndTakenBackByItsSubsystemAlone() {
    HypercallsPort calls = new HypercallsPort();
    calls.claim(20, knowing(1, 11), stand.owner("own"));
    HypercallHandler former = knowing(7, 77);
    HypercallHandler next = knowing(7, 78);
    calls.add(20, former, stand.owner("more"));
    calls.add(20, next, stand.owner("more"));
    assertEquals(78, operation(calls, 7));
    calls.release(20, former);
    assertEquals(78, operation(calls, 7));
    calls.release(20, next);
    assertEquals(-XenErrno.XEN_ENOSYS, operation(calls, 7));
    assertEquals(11, operation(calls, 1));
  }

  @Test
  void anAdditionThatThrowsIsTakenOutAndTheHypercallStays() {
    HypercallsPort calls = new HypercallsPort();
    DeviceContext broken = stand.owner("broken");
    calls.claim(20, knowing(1, 11), stand.owner("own"));
    calls.add(20, knowing(7, -1), broken);
    calls.claim(21, call -> 0, broken);
    assertEquals(-XenErrno.XEN_ENOSYS, operation(calls, 7));
    assertEquals(List.of(BUG), stand.failures);
    assertFalse(calls.served(21), "all of its subsystem's");
    assertEquals(11, operation(calls, 1));
    assertEquals(-XenErrno.XEN_ENOSYS, operation(calls, 7));
    assertEquals(1, stand.failures.size(), "it isn't asked again");
  }

  @Test
  void platformCommandThatThrowsTakesItsSubsystemOutAndLeavesTheOthers() {
    PlatformOperationsPort port = new PlatformOperationsPort();
    port.claim(stand.owner("good"), List.of(command(5, false)));
    port.claim(stand.owner("broken"), List.of(command(5, true), command(6, false)));
    assertEquals(-XenErrno.XEN_ENOSYS, port.serve(5, hypercall(7)));
    assertEquals(List.of(BUG), stand.failures);
    assertEquals(55, port.serve(5, hypercall(7)), "who had it before has it again");
    assertNull(port.find(6));
    assertEquals(-XenErrno.XEN_ENOSYS, port.serve(6, hypercall(7)));
  }

  @Test
  void additionsToDomctlAndSysctlAreKeptApart() {
    ControlOperationsPort port = new ControlOperationsPort();
    port.claim(36, stand.owner("good"), List.of(command(5, false)));
    port.claim(36, stand.owner("broken"), List.of(command(5, true), command(6, false)));
    assertNull(port.find(35, 5), "the other hypercall");
    assertEquals(-XenErrno.XEN_ENOSYS, port.serve(35, 5, hypercall(35), null));
    assertEquals(-XenErrno.XEN_ENOSYS, port.serve(36, 5, hypercall(36), null));
    assertEquals(List.of(BUG), stand.failures);
    assertEquals(55, port.serve(36, 5, hypercall(36), null), "who had it before has it again");
    assertNull(port.find(36, 6));
    assertEquals(1, port.operations(36).size());
    assertThrows(IllegalArgumentException.class, () -> port.claim(34, stand.owner("other"), List.of()));
  }

  private static FramedOperation command(int number, boolean broken) {
    return (FramedOperation) Proxy.newProxyInstance(FramedOperation.class.getClassLoader(), new Class<?>[] {FramedOperation.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "number" -> number;
          case "serve" -> {
            if (broken) {
              throw BUG;
            }
            yield 11L * number;
          }
          default -> Stand.nothing(method.getReturnType());
        });
  }

  private SwitchHook hook(String name, RuntimeException bug) {
    return new SwitchHook() {
      @Override
      public void save(Vcpu vcpu, CpuPort cpu) {
        heard.add("save " + name);
      }

      @Override
      public void load(Vcpu vcpu, CpuPort cpu) {
        heard.add("load " + name);
        if (bug != null) {
          throw bug;
        }
      }
    };
  }

  @Test
  void switchGoesThroughTheHooksInTheOrderOfTheirRolesAndDropsWhoThrows() {
    ContextSwitchPort port = new ContextSwitchPort();
    port.claim(hook("vtimer", null), stand.owner("vtimer"));
    port.claim(hook("vgic of yesterday", null), stand.owner("vgic"));
    port.claim(hook("vgic", BUG), stand.owner("vgic"));
    port.save(null, null);
    port.load(null, null);
    assertEquals(List.of("save vgic", "save vtimer", "load vgic", "load vtimer"), heard);
    assertEquals(List.of(BUG), stand.failures);
    port.load(null, null);
    assertEquals("load vtimer", heard.getLast());
    assertEquals(5, heard.size(), "who threw is asked no more");
  }

  @Test
  void logKeepsItsLastBytesAndComesBackFromARecord() {
    HypervisorLogPort log = new HypervisorLogPort();
    while (log.end() < HypervisorLogPort.SIZE + 100) {
      log.add("a line");
    }
    log.add("the end");
    HypervisorLogPort other = new HypervisorLogPort();
    other.state().restore(log.state().save());
    byte[] last = new byte[14];
    for (int i = 0; i < last.length; i++) {
      last[i] = other.at(other.end() - last.length + i);
    }
    assertEquals("(XEN) the end\n", new String(last, StandardCharsets.UTF_8));
    other.clear();
    assertEquals(0, other.end());
  }

  @Test
  void traceIsOffUntilSomebodyListensOrARecordIsWantedOfARecorder() {
    HypervisorTracePort trace = new HypervisorTracePort();
    trace.want(true);
    assertFalse(trace.on(), "there is no recorder");
    HypervisorTracePort.Listener recorder = (kind, vcpu, a, b, c) -> {
      throw BUG;
    };
    trace.recorder(recorder, stand.owner("trace"));
    assertTrue(trace.on());
    trace.happened(HypervisorTracePort.Kind.SWITCH, null, 0, 0, 0);
    assertEquals(List.of(BUG), stand.failures);
    assertFalse(trace.present());
    assertFalse(trace.on());
    assertTrue(trace.wanted(), "the next recorder goes on");
    trace.listen((kind, vcpu, a, b, c) -> heard.add(kind + " " + a));
    assertTrue(trace.on());
    trace.happened(HypervisorTracePort.Kind.EVENT, null, 9, 0, 0);
    assertEquals(List.of("EVENT 9"), heard);
  }

  private Domain domain(int serial, int vcpus) {
    List<Vcpu> all = new ArrayList<>();
    Domain[] domain = new Domain[1];
    for (int i = 0; i < vcpus; i++) {
      int id = i;
      all.add((Vcpu) Proxy.newProxyInstance(Vcpu.class.getClassLoader(), new Class<?>[] {Vcpu.class},
          (proxy, method, arguments) -> switch (method.getName()) {
            case "id" -> id;
            case "domain" -> domain[0];
            case "wake" -> heard.add(serial + "/" + id) ? null : null;
            default -> Stand.nothing(method.getReturnType());
          }));
    }
    domain[0] = (Domain) Proxy.newProxyInstance(Domain.class.getClassLoader(), new Class<?>[] {Domain.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "serial" -> serial;
          case "vcpus" -> all;
          default -> Stand.nothing(method.getReturnType());
        });
    return domain[0];
  }

  @Test
  void whoWaitsForAnEventIsWokenOnceAlsoAfterASnapshot() {
    EventWaitersPort before = new EventWaitersPort();
    Domain one = domain(1, 2);
    Domain two = domain(2, 1);
    before.add(one.vcpus().get(0), 5);
    before.add(one.vcpus().get(1), EventWaitersPort.ANY);
    before.add(two.vcpus().get(0), 5);
    StateRecord record = before.state().save();
    EventWaitersPort after = new EventWaitersPort();
    after.state().restore(record);
    after.signalled(one, 6);
    assertEquals(List.of("1/1"), heard);
    after.signalled(one, 5);
    after.signalled(one, 5);
    assertEquals(List.of("1/1", "1/0"), heard);
    after.forget(two);
    after.signalled(two, 5);
    assertEquals(2, heard.size());
    StateRecord damaged = new StateRecord();
    damaged.put("waiting", new byte[15]);
    assertThrows(StateMismatch.class, () -> new EventWaitersPort().state().restore(damaged));
  }
}
