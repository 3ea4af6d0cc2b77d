// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ModelException;
import org.xenolith.testkit.hyp.TwinHypercallContractTest.Defect;

/** The contract can fail: each defect is found by the check that is for it. */
class HypercallContractTest {
  private static boolean fails(Method check, Defect defect) {
    TwinHypercallContractTest twin = TwinHypercallContractTest.with(defect);
    twin.install();
    try {
      check.invoke(twin);
      return false;
    } catch (InvocationTargetException e) {
      // what throws is taken out, which the fake context has as a ModelException
      return e.getCause() instanceof AssertionError || e.getCause() instanceof ModelException;
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void eachDefectIsFoundByTheCheckThatIsForIt() {
    Map<String, String> found = new TreeMap<>();
    for (Method check : HypercallContract.class.getDeclaredMethods()) {
      if (check.isAnnotationPresent(Test.class)) {
        found.put(check.getName(), Arrays.stream(Defect.values()).filter(defect -> fails(check, defect)).toList().toString());
      }
    }
    assertEquals(new TreeMap<>(Map.of("onlyDeclaredNumbersAreServed", "[SERVES_ANYTHING]", "anArgumentThatCannotBeReadIsAFault",
        "[READS_NOTHING]", "whatNeedsAPrivilegeIsRefusedToAGuest", "[ASKS_NO_PRIVILEGE]", "eachHasANameANumberAndAStructureOfItsOwn",
        "[SHARES_A_VIEW]", "nonsenseBringsNothingDown", "[THROWS]")), found);
  }
}
