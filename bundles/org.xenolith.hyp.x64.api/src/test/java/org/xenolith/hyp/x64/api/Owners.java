// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.api;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.api.DeviceContext;

/** Owners of what is given to ports, and what they were told. */
final class Owners {
  final List<Throwable> failures = new ArrayList<>();

  /** A subsystem of that name. */
  DeviceContext owner(String name) {
    return (DeviceContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {DeviceContext.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "instance", "toString" -> name;
          case "failed" -> failures.add((Throwable) arguments[0]) ? null : null;
          default -> throw new AssertionError(method);
        });
  }
}
