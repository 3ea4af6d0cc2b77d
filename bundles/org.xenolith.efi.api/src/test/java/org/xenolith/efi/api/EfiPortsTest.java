// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.api.RolePort;

/** What the ports do without a provider, with one that throws, and when one takes over from another. */
class EfiPortsTest {
  private static final Map<Class<?>, Supplier<RolePort<?>>> PORTS = Map.of(
      VariableStore.class, VariablesPort::new, RuntimeServices.class, RuntimeServicesPort::new, TimeServices.class, ClockPort::new,
      DirectServices.class, DirectServicesPort::new);
  private static final VariableName NAME = VariableName.global("Lang");
  private final List<Throwable> failures = new ArrayList<>();

  private static final class Bug extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private DeviceContext owner(String name) {
    return (DeviceContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {DeviceContext.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "failed" -> failures.add((Throwable) arguments[0]) ? null : null;
          case "toString" -> name;
          default -> throw new AssertionError(method);
        });
  }

  @SuppressWarnings("unchecked")
  private static <T> T throwing(Class<T> role, Throwable bug) {
    return (T) Proxy.newProxyInstance(role.getClassLoader(), new Class<?>[] {role}, (proxy, method, arguments) -> {
      throw bug;
    });
  }

  private static Object nothing(Class<?> type) {
    return type == boolean.class ? false : type == int.class ? 0 : type == long.class ? 0L : type == byte[].class ? new byte[0]
        : type == List.class ? List.of() : type == VariableName.class ? NAME : null;
  }

  private static Object call(Object port, Method method) throws InvocationTargetException {
    try {
      return method.invoke(port, Arrays.stream(method.getParameterTypes()).map(EfiPortsTest::nothing).toArray());
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  /** The status of an answer, whatever record it is; null for none. */
  private static EfiStatus status(Object answer) throws ReflectiveOperationException {
    return answer == null || answer instanceof EfiStatus ? (EfiStatus) answer
        : (EfiStatus) answer.getClass().getMethod("status").invoke(answer);
  }

  private static List<Method> questions(Class<?> role) {
    return Arrays.stream(role.getMethods()).filter(m -> !Modifier.isStatic(m.getModifiers())).toList();
  }

  @Test
  void everyServiceAnswersWithoutAProvider() throws ReflectiveOperationException {
    int asked = 0;
    for (var role : PORTS.entrySet()) {
      for (Method method : questions(role.getKey())) {
        EfiStatus expected = method.getReturnType() == void.class ? null
            : method.getName().contains("apsule") ? EfiStatus.UNSUPPORTED : EfiStatus.NOT_READY;
        assertEquals(expected, status(call(role.getValue().get(), method)), method.toString());
        asked++;
      }
    }
    assertEquals(7 + 12 + 4 + 1, asked, "services of all roles");
  }

  @SuppressWarnings("unchecked")
  @Test
  void providerThatThrowsIsTakenOutAndTheAnswerIsThatOfNone() throws ReflectiveOperationException {
    for (var role : PORTS.entrySet()) {
      for (Method method : questions(role.getKey())) {
        EfiStatus absent = status(call(role.getValue().get(), method));
        for (Throwable bug : List.of(new Bug(), new StackOverflowError())) {
          RolePort<Object> port = (RolePort<Object>) role.getValue().get();
          failures.clear();
          port.attach(throwing(role.getKey(), bug), owner("broken"));
          assertTrue(port.present());
          assertEquals(absent, status(call(port, method)), method.toString());
          assertEquals(List.of(bug), failures, method + " tells its owner");
          assertFalse(port.present(), method + " takes it out");
        }
      }
    }
  }

  @SuppressWarnings("unchecked")
  @Test
  void hostMemoryThatIsUsedUpIsNoFaultOfTheProvider() {
    for (var role : PORTS.entrySet()) {
      for (Method method : questions(role.getKey())) {
        RolePort<Object> port = (RolePort<Object>) role.getValue().get();
        port.attach(throwing(role.getKey(), new RamExhausted("no room")), owner("innocent"));
        assertEquals(RamExhausted.class, assertThrows(InvocationTargetException.class, () -> call(port, method)).getCause().getClass());
        assertTrue(port.present(), method.toString());
      }
    }
    assertEquals(List.of(), failures);
  }

  @Test
  void laterProviderTakesOverAndTheEarlierOneCannotTakeItOut() {
    VariablesPort port = new VariablesPort();
    VariableStore first = throwing(VariableStore.class, new Bug());
    VariableStore second = throwing(VariableStore.class, new Bug());
    port.attach(first, owner("one"));
    port.attach(second, owner("two"));
    port.detach(first);
    assertTrue(port.present());
    port.detach(second);
    assertFalse(port.present());
  }

  /** A provider may be replaced in the middle of its own answer; what then throws isn't the new one's fault. */
  @Test
  void whoTakesOverWhileTheOtherThrowsStaysIn() {
    VariablesPort port = new VariablesPort();
    VariableStore second = throwing(VariableStore.class, new Bug());
    VariableStore first = (VariableStore) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {VariableStore.class},
        (proxy, method, arguments) -> {
          if (method.getName().equals("equals")) {
            return proxy == arguments[0];
          }
          port.attach(second, owner("two"));
          throw new Bug();
        });
    port.attach(first, owner("one"));
    assertEquals(EfiStatus.NOT_READY, port.setVariable(NAME, 0, new byte[0]));
    assertTrue(port.present());
    assertEquals(1, failures.size());
  }

  @Test
  void callsReachTheProviderWithTheirArguments() {
    List<Object> seen = new ArrayList<>();
    RuntimeServices services = (RuntimeServices) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {RuntimeServices.class},
        (proxy, method, arguments) -> {
          seen.add(method.getName());
          seen.addAll(Arrays.asList(arguments));
          return method.getName().equals("setVariable") ? EfiStatus.OUT_OF_RESOURCES : null;
        });
    RuntimeServicesPort port = new RuntimeServicesPort();
    port.attach(services, owner("board"));
    byte[] data = {1};
    assertEquals(EfiStatus.OUT_OF_RESOURCES, port.setVariable(NAME, 7, data));
    port.resetSystem(ResetType.SHUTDOWN, 5, data);
    assertEquals(List.of("setVariable", NAME, 7, data, "resetSystem", ResetType.SHUTDOWN, 5L, data), seen);
  }
}
