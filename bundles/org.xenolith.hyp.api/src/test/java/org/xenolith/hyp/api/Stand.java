// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.api.DeviceContext;

/** What tests of contracts hand to ports: an owner that remembers what it was told, and values of any type. */
final class Stand {
  final List<Throwable> failures = new ArrayList<>();

  /** A subsystem of that name. */
  DeviceContext owner(String instance) {
    return (DeviceContext) Proxy.newProxyInstance(Stand.class.getClassLoader(), new Class<?>[] {DeviceContext.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "instance" -> instance;
          case "failed" -> failures.add((Throwable) arguments[0]) ? null : null;
          case "toString" -> instance;
          default -> throw new AssertionError(method);
        });
  }

  /** Nothing of a type: zero, false, or an object whose methods answer the same. */
  static Object nothing(Class<?> type) {
    if (type == boolean.class) {
      return false;
    } else if (type == int.class) {
      return 0;
    } else if (type == long.class) {
      return 0L;
    } else if (type == byte[].class) {
      return new byte[0];
    } else if (type == List.class) {
      return List.of();
    } else if (type == String.class) {
      return "";
    } else if (type.isInterface()) {
      return Proxy.newProxyInstance(Stand.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> method.getName()
          .equals("equals") ? proxy == arguments[0] : nothing(method.getReturnType()));
    }
    return null;
  }
}
