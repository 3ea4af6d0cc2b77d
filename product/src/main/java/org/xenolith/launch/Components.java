// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Why service components are not there: what each of them waits for, or how its activation failed.
 *
 * <p>The runtime that knows is a bundle, whose types the launcher doesn't see; hence the reflection.
 */
final class Components {

  private static final String RUNTIME = "org.osgi.service.component.runtime.ServiceComponentRuntime";

  private Components() {}

  /** One line for each component that waits or failed; one that says so when the runtime itself is missing. */
  static List<String> problems(BundleContext context) {
    ServiceReference<?> reference = context.getServiceReference(RUNTIME);
    if (reference == null) {
      return List.of("no bundle offers service components (" + RUNTIME + ")");
    }
    List<String> problems = new ArrayList<>();
    try {
      Object runtime = context.getService(reference);
      for (Object component : described(runtime)) {
        for (Object configuration : configured(runtime, component)) {
          problems.addAll(problems(field(component, "name").toString(), configuration));
        }
      }
    } catch (ReflectiveOperationException e) {
      problems.add("the state of the components cannot be read: " + e);
    }
    return problems;
  }

  private static List<String> problems(String component, Object configuration) throws ReflectiveOperationException {
    List<String> problems = new ArrayList<>();
    for (Object missing : (Object[]) field(configuration, "unsatisfiedReferences")) {
      Object target = field(missing, "target");
      problems.add(component + " waits for " + field(missing, "name") + (target == null ? "" : " " + target));
    }
    if (field(configuration, "failure") instanceof String failure) {
      problems.add(component + " failed to activate: " + rootCause(failure));
    }
    return problems;
  }

  /** The last cause of a printed stack trace; all of it is in the log, which goes to standard error. */
  private static String rootCause(String trace) {
    String[] causes = trace.strip().split("Caused by: ");
    return causes[causes.length - 1].lines().findFirst().orElse("");
  }

  private static Collection<?> described(Object runtime) throws ReflectiveOperationException {
    return (Collection<?>) runtime.getClass().getMethod("getComponentDescriptionDTOs", Bundle[].class)
        .invoke(runtime, (Object) new Bundle[0]);
  }

  private static Collection<?> configured(Object runtime, Object component) throws ReflectiveOperationException {
    return (Collection<?>) runtime.getClass().getMethod("getComponentConfigurationDTOs", component.getClass())
        .invoke(runtime, component);
  }

  private static Object field(Object record, String name) throws ReflectiveOperationException {
    return record.getClass().getField(name).get(record);
  }
}
