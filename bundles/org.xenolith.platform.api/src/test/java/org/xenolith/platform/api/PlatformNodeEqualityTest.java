// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;

class PlatformNodeEqualityTest {
  private static final Class<?>[] TYPES = List.of(PlatformNode.class.getRecordComponents()).stream().map(RecordComponent::getType)
      .toArray(Class[]::new);

  private static Object[] components() {
    return new Object[] {"/a@1", "a@1", "", List.of(new FdtProperty("reg", new byte[] {1})), List.of("x"), true, List.of(new AddressWindow(
        1,
        2)), List.of(), Map.of("k", "v")};
  }

  private static PlatformNode node(Object[] components) throws ReflectiveOperationException {
    return PlatformNode.class.getDeclaredConstructor(TYPES).newInstance(components);
  }

  @Test
  void nodesAreEqualIfAllOfTheirComponentsAre() throws ReflectiveOperationException {
    PlatformNode one = node(components());
    assertEquals(one, node(components()));
    assertEquals(one.hashCode(), node(components()).hashCode());
    assertNotEquals(one, null);
    Object[] others = {"/b@1", "b@1", "/soc", List.of(), List.of(), false, List.of(), List.of(new InterruptSpecifier("/gic", new int[] {
        1})),
        Map.of()};
    for (int i = 0; i < others.length; i++) {
      Object[] changed = components();
      changed[i] = others[i];
      assertNotEquals(one, node(changed), PlatformNode.class.getRecordComponents()[i].getName());
    }
  }
}
