// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.api.RolePort;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;
import org.xenolith.xen.abi.GrantStatus;
import org.xenolith.xen.abi.XenErrno;

/** What every port of a role does without a provider, with one that throws, and when one takes over from another. */
class RolePortsTest {
  private static final Map<Class<?>, Supplier<RolePort<?>>> PORTS = new LinkedHashMap<>();

  static {
    PORTS.put(AccessControl.class, AccessControlPort::new);
    PORTS.put(ArchitectureFacts.class, ArchitectureFactsPort::new);
    PORTS.put(DeviceMessages.class, DeviceMessagesPort::new);
    PORTS.put(DomainCreation.class, DomainCreationPort::new);
    PORTS.put(EventChannels.class, EventChannelsPort::new);
    PORTS.put(FrameHeap.class, FrameHeapPort::new);
    PORTS.put(Grants.class, GrantsPort::new);
    PORTS.put(GuestEvents.class, GuestEventsPort::new);
    PORTS.put(HostInterrupts.class, HostInterruptsPort::new);
    PORTS.put(Iommu.class, () -> new IommuPort(null));
    PORTS.put(MessageShares.class, MessageSharesPort::new);
    PORTS.put(P2m.class, P2mPort::new);
    PORTS.put(PciDevices.class, PciDevicesPort::new);
    PORTS.put(Store.class, StorePort::new);
    PORTS.put(DomainTools.class, ToolsPort::new);
    PORTS.put(VirtualPci.class, VirtualPciPort::new);
  }

  private final Stand stand = new Stand();

  private static final class Bug extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @SuppressWarnings("unchecked")
  private static <T> T throwing(Class<T> role, Throwable bug) {
    return (T) Proxy.newProxyInstance(role.getClassLoader(), new Class<?>[] {role}, (proxy, method, arguments) -> {
      throw bug;
    });
  }

  /** The answer as text; of a refusal only that it is one. */
  private static String answer(RolePort<?> port, Method method) {
    Object[] arguments = Arrays.stream(method.getParameterTypes()).map(Stand::nothing).toArray();
    try {
      Object answer = method.invoke(port, arguments);
      return switch (answer) {
        case byte[] bytes -> Arrays.toString(bytes);
        case int[] words -> Arrays.toString(words);
        case null, default -> String.valueOf(answer);
      };
    } catch (InvocationTargetException e) {
      assertTrue(e.getCause() instanceof HypervisorException, method + " threw " + e.getCause());
      assertTrue(((HypervisorException) e.getCause()).errno() < 0, method + " is refused without an errno");
      return "refused";
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Method> questions(Class<?> role) {
    return Arrays.stream(role.getMethods()).filter(m -> !Modifier.isStatic(m.getModifiers())).filter(m -> m.getDeclaringClass() == role)
        // What a record doesn't fit is told to who restores it; a watch that was never set isn't the store's.
        .filter(m -> !(role == FrameHeap.class && m.getName().equals("restore")))
        .filter(m -> !(role == Store.class && m.getName().equals("unwatch"))).toList();
  }

  @SuppressWarnings("unchecked")
  @Test
  void providerThatThrowsIsTakenOutAndTheAnswerIsThatOfNone() {
    for (var role : PORTS.entrySet()) {
      for (Method method : questions(role.getKey())) {
        String absent = answer(role.getValue().get(), method);
        RolePort<Object> port = (RolePort<Object>) role.getValue().get();
        stand.failures.clear();
        port.attach(throwing(role.getKey(), new Bug()), stand.owner("broken"));
        assertTrue(port.present());
        assertEquals(absent, answer(port, method), method.toString());
        assertEquals(1, stand.failures.size(), method + " tells its owner");
        assertEquals(Bug.class, stand.failures.getFirst().getClass());
        assertFalse(port.present(), method + " takes it out");
      }
    }
  }

  @SuppressWarnings("unchecked")
  @Test
  void hostMemoryThatIsUsedUpIsNoFaultOfTheProvider() {
    for (var role : PORTS.entrySet()) {
      for (Method method : questions(role.getKey())) {
        RolePort<Object> port = (RolePort<Object>) role.getValue().get();
        port.attach(throwing(role.getKey(), new RamExhausted("no room")), stand.owner("innocent"));
        InvocationTargetException thrown = assertThrows(InvocationTargetException.class, () -> method.invoke(port,
            Arrays.stream(method.getParameterTypes()).map(Stand::nothing).toArray()), method.toString());
        assertEquals(RamExhausted.class, thrown.getCause().getClass(), method.toString());
        assertTrue(port.present(), method.toString());
      }
    }
    assertEquals(List.of(), stand.failures);
  }

  @Test
  void laterProviderTakesOverAndTheEarlierOneCannotTakeItOut() {
    P2mPort port = new P2mPort();
    P2m first = throwing(P2m.class, new Bug());
    P2m second = throwing(P2m.class, new Bug());
    List<String> heard = new ArrayList<>();
    port.whenPresent(() -> heard.add("in"));
    port.attach(first, stand.owner("one"));
    assertEquals(List.of("in"), heard);
    port.attach(second, stand.owner("two"));
    assertEquals(List.of("in"), heard, "who waited is told once");
    port.detach(first);
    assertSame(second, port.provider());
    port.detach(second);
    assertNull(port.provider());
    assertFalse(port.present());
  }

  /** A provider may be replaced in the middle of its own answer; what then throws isn't the new one's fault. */
  @Test
  void whoTakesOverWhileTheOtherThrowsStaysIn() {
    P2mPort port = new P2mPort();
    P2m second = throwing(P2m.class, new Bug());
    P2m first = (P2m) Proxy.newProxyInstance(P2m.class.getClassLoader(), new Class<?>[] {P2m.class}, (proxy, method, arguments) -> {
      port.attach(second, stand.owner("two"));
      throw new Bug();
    });
    port.attach(first, stand.owner("one"));
    assertEquals(-1, port.translate((Domain) Stand.nothing(Domain.class), 0, false));
    assertSame(second, port.provider());
    assertEquals(1, stand.failures.size(), "its own owner is told");
  }

  @Test
  void absentProvidersAnswerAsTheirRoleDemands() {
    Domain domain = (Domain) Stand.nothing(Domain.class);
    assertEquals(-XenErrno.XEN_ENOSYS, new P2mPort().map(domain, 0, 0, 1, PageType.RAM));
    assertEquals(-1, new P2mPort().translate(domain, 0, false));
    assertEquals(GrantStatus.GNTST_general_error, new GrantsPort().map(domain, domain, 0, false));
    assertEquals(-XenErrno.XEN_ENOSYS, new EventChannelsPort().send(domain, 1));
    assertEquals(-XenErrno.XEN_ENODEV, new IommuPort(null).attach(0, 0, domain));
    assertEquals(-1, new FrameHeapPort().allocate(1, 1, 1));
    assertEquals(-1, new FrameHeapPort().owner(5));
    assertNull(new StorePort().read("/local"));
    assertTrue(new AccessControlPort().allowed(domain, AccessControl.Privilege.SELF, domain));
    Domain other = (Domain) Stand.nothing(Domain.class);
    assertFalse(new AccessControlPort().allowed(domain, AccessControl.Privilege.SELF, other));
    assertFalse(new AccessControlPort().allowed(domain, AccessControl.Privilege.HARDWARE, domain));
    String message = assertThrows(HypervisorException.class, () -> new ToolsPort().execute(List.of("list"))).getMessage();
    assertTrue(message.contains("add a bundle with the subsystem tools"), message);
  }

  @Test
  void heapIsSavedByThePortAndNeedsAProviderToComeBack() {
    FrameHeapPort port = new FrameHeapPort();
    byte[][] restored = new byte[1][];
    FrameHeap heap = (FrameHeap) Proxy.newProxyInstance(FrameHeap.class.getClassLoader(), new Class<?>[] {FrameHeap.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "save" -> new byte[] {7, 8};
          case "restore" -> {
            restored[0] = (byte[]) arguments[0];
            yield null;
          }
          default -> Stand.nothing(method.getReturnType());
        });
    port.attach(heap, stand.owner("core"));
    StateRecord record = port.state().save();
    FrameHeapPort empty = new FrameHeapPort();
    assertThrows(StateMismatch.class, () -> empty.state().restore(record));
    assertDoesNotThrow(() -> port.state().restore(record));
    assertEquals("[7, 8]", Arrays.toString(restored[0]));
  }
}
