// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ForwardingDiskTest {
  private record Front(BlockDevice disk) implements ForwardingDisk {}

  private final List<String> asked = new ArrayList<>();

  private static Object some(Class<?> type) {
    return type == long.class ? (Object) 3L : type == int.class ? (Object) 5 : type == boolean.class ? (Object) true : null;
  }

  private Object answer(Method method, Object[] arguments) {
    asked.add(method.getName() + List.of(arguments == null ? new Object[0] : Stream.of(arguments).map(String::valueOf).toArray()));
    return some(method.getReturnType());
  }

  /** What a disk learns to do later among that. */
  @Test
  void allThatADiskIsAskedTheOneBehindIsAsked() throws ReflectiveOperationException {
    BlockDevice behind = (BlockDevice) Proxy.newProxyInstance(BlockDevice.class.getClassLoader(), new Class<?>[] {BlockDevice.class}, (it,
        method, arguments) -> answer(method, arguments));
    List<Method> all = Stream.of(BlockDevice.class.getMethods()).filter(each -> !Modifier.isStatic(each.getModifiers())).toList();
    assertTrue(all.size() >= 9, all::toString);
    for (Method each : all) {
      Object[] arguments = Stream.of(each.getParameterTypes()).map(ForwardingDiskTest::some).toArray();
      asked.clear();
      assertEquals(some(each.getReturnType()), each.invoke(new Front(behind), arguments), each.getName());
      assertEquals(List.of(each.getName() + List.of(Stream.of(arguments).map(String::valueOf).toArray())), asked);
    }
  }
}
