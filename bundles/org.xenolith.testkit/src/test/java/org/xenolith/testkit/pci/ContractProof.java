package org.xenolith.testkit.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That a contract rejects every broken twin, and that each of its checks rejects one: a check that no twin fails could be empty. */
final class ContractProof {
  private ContractProof() { }

  /**
   * Runs all checks of the contracts on all twins.
   *
   * @param contracts the classes that declare the checks
   * @param defects   what twins there are; the first is the correct one
   * @param twin      makes the test of a twin
   */
  static <D extends Enum<D>> void rejects(List<Class<?>> contracts, D[] defects, Function<D, Object> twin) {
    List<Method> checks = contracts.stream().flatMap(c -> Stream.of(c.getDeclaredMethods()))
        .filter(m -> m.isAnnotationPresent(Test.class)).toList();
    List<String> wrong = new ArrayList<>();
    for (Method check : checks) {
      check.setAccessible(true);
      if (fails(check, twin.apply(defects[0]))) {
        wrong.add(check.getName() + " rejects the correct one");
      }
      if (Arrays.stream(defects).noneMatch(d -> fails(check, twin.apply(d)))) {
        wrong.add(check.getName() + " rejects nothing");
      }
    }
    for (D defect : Arrays.asList(defects).subList(1, defects.length)) {
      if (checks.stream().noneMatch(check -> fails(check, twin.apply(defect)))) {
        wrong.add(defect + " is rejected by nothing");
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static boolean fails(Method check, Object test) {
    try {
      check.invoke(test);
      return false;
    } catch (InvocationTargetException e) {
      return e.getCause() instanceof AssertionError;
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
