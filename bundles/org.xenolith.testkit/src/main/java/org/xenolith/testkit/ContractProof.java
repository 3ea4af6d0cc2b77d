// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

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
public final class ContractProof {
  private ContractProof() {}

  /**
   * Runs all checks of the contracts on all twins.
   *
   * @param contracts the classes that declare the checks
   * @param defects   what twins there are; the first is the correct one
   * @param twin      makes the test of a twin
   */
  public static <D extends Enum<D>> void rejects(List<Class<?>> contracts, D[] defects, Function<D, Object> twin) {
    rejects(contracts, List.of(defects[0]), Arrays.asList(defects), twin);
  }

  /**
   * Runs all checks of the contracts on twins of several correct ones.
   *
   * @param correct which of the twins have no defect
   * @param defects what twins there are
   */
  public static <D> void rejects(List<Class<?>> contracts, List<D> correct, List<D> defects, Function<D, Object> twin) {
    List<Method> checks = checks(contracts);
    List<String> wrong = new ArrayList<>();
    for (Method check : checks) {
      if (correct.stream().anyMatch(d -> fails(check, twin.apply(d)))) {
        wrong.add(check.getName() + " rejects a correct one");
      }
      if (defects.stream().noneMatch(d -> fails(check, twin.apply(d)))) {
        wrong.add(check.getName() + " rejects nothing");
      }
    }
    for (D defect : defects.stream().filter(d -> !correct.contains(d)).toList()) {
      if (checks.stream().noneMatch(check -> fails(check, twin.apply(defect)))) {
        wrong.add(defect + " is rejected by nothing");
      }
    }
    assertEquals(List.of(), wrong);
  }

  /** The names of the checks that a test fails. */
  public static List<String> rejections(List<Class<?>> contracts, Object test) {
    return checks(contracts).stream().filter(check -> fails(check, test)).map(Method::getName).sorted().toList();
  }

  private static List<Method> checks(List<Class<?>> contracts) {
    List<Method> checks = contracts.stream().flatMap(c -> Stream.of(c.getDeclaredMethods()))
        .filter(m -> m.isAnnotationPresent(Test.class)).toList();
    checks.forEach(check -> check.setAccessible(true));
    return checks;
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
