// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ModelException;
import org.xenolith.testkit.hyp.TwinHostBridge.Defect;

/** The contract can fail: for each defect, and each of its checks for some. */
class HostBridgeDriverContractTest {
  private static List<Method> checks() {
    return Arrays.stream(HostBridgeDriverContract.class.getDeclaredMethods()).filter(m -> m.isAnnotationPresent(Test.class)).toList();
  }

  private static boolean fails(Method check, Defect defect) {
    try {
      check.invoke(TwinHostBridgeContractTest.with(defect));
      return false;
    } catch (InvocationTargetException e) {
      // A driver that throws is taken out, which the fake context has as this exception.
      return e.getCause() instanceof AssertionError || e.getCause() instanceof ModelException;
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyDefectIsFound() {
    assertEquals(List.of(Defect.NONE),
        Arrays.stream(Defect.values()).filter(defect -> checks().stream().noneMatch(check -> fails(check, defect))).toList());
  }

  @Test
  void everyCheckFindsADefect() {
    assertEquals(List.of(), checks().stream().filter(check -> Arrays.stream(Defect.values()).noneMatch(defect -> fails(check, defect)))
        .map(Method::getName).toList());
  }
}
