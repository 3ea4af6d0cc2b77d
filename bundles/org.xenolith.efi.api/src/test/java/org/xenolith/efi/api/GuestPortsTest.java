// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceContext;

/** Ports of what domains have of EFI. */
class GuestPortsTest {
  private static final UUID DOMAIN = new UUID(1, 2);
  private static final VariableName NAME = VariableName.global("Lang");

  private final List<String> failures = new ArrayList<>();
  private final DeviceContext owner = proxy(DeviceContext.class, "a context");

  private <T> T proxy(Class<T> type, String what) {
    return type.cast(Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
      failures.add(method.getName());
      if (type != DeviceContext.class) {
        throw new IllegalStateException(what);
      }
      return null;
    }));
  }

  private static List<EfiStatus> answers(GuestVariablesPort port) {
    port.begins(DOMAIN);
    port.exitBootServices(DOMAIN);
    return List.of(port.getVariable(DOMAIN, NAME, 1).status(), port.getNextVariableName(DOMAIN, NAME, 1).status(), port.setVariable(DOMAIN,
        NAME, 7, new byte[1]), port.queryVariableInfo(DOMAIN, 7).status(), port.getNextHighMonotonicCount(DOMAIN).status());
  }

  @Test
  void withoutAProviderVariablesAreNotReadyAndThereAreNoServices() {
    assertEquals(List.of(EfiStatus.NOT_READY), answers(new GuestVariablesPort()).stream().distinct().toList());
    GuestServicesPort services = new GuestServicesPort();
    assertEquals(0, services.supported());
    services.placed(1, null);
  }

  @Test
  void whoThrowsIsTakenOut() {
    GuestVariablesPort variables = new GuestVariablesPort();
    variables.attach(proxy(GuestVariables.class, "a store"), owner);
    assertEquals(List.of(EfiStatus.NOT_READY), answers(variables).stream().distinct().toList());
    assertFalse(variables.present());
    GuestServicesPort services = new GuestServicesPort();
    services.attach(proxy(GuestServices.class, "services"), owner);
    assertEquals(0, services.supported());
    assertFalse(services.present());
    assertEquals(List.of("begins", "failed", "supported", "failed"), failures);
  }
}
