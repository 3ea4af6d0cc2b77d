// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.scenario;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.xenolith.scenario.api.ScenarioResult;
import org.xenolith.scenario.api.ScenarioRunner;

/** Runs the scenario of a {@link ScenarioTest}. */
public final class ScenarioExtension implements BeforeTestExecutionCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(ScenarioExtension.class);

  /** Made by JUnit. */
  public ScenarioExtension() {}

  @Override
  public void beforeTestExecution(ExtensionContext context) {
    ScenarioTest test = context.getRequiredTestMethod().getAnnotation(ScenarioTest.class);
    if (test == null) {
      return;
    }
    BundleContext bundles = bundles(context.getRequiredTestClass());
    ServiceReference<ScenarioRunner> reference = bundles.getServiceReference(ScenarioRunner.class);
    if (reference == null) {
      throw new IllegalStateException("no bundle offers " + ScenarioRunner.class.getName()
          + ": install and start org.xenolith.scenario and what it needs before the test");
    }
    try {
      ScenarioResult result = passed(bundles.getService(reference).run(file(test.value()), properties(test.properties())));
      context.getStore(NAMESPACE).put(ScenarioResult.class, result);
    } finally {
      bundles.ungetService(reference);
    }
  }

  private static BundleContext bundles(Class<?> test) {
    Bundle bundle = FrameworkUtil.getBundle(test);
    if (bundle == null || bundle.getBundleContext() == null) {
      throw new IllegalStateException(test.getName() + " is in no started bundle: a @ScenarioTest runs in an OSGi framework");
    }
    return bundle.getBundleContext();
  }

  /** The result, if the scenario passed. */
  static ScenarioResult passed(ScenarioResult result) {
    if (!result.passed()) {
      throw new AssertionError("scenario failed\n" + result.report());
    }
    return result;
  }

  static Path file(String text) {
    String root = System.getProperty("xenolith.root");
    return root == null ? Path.of(text) : Path.of(root).resolve(text);
  }

  static Map<String, String> properties(String[] texts) {
    Map<String, String> properties = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("property '" + text + "': expected NAME=VALUE");
      }
      properties.put(text.substring(0, equals), text.substring(equals + 1));
    }
    return properties;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ScenarioResult.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context.getStore(NAMESPACE).get(ScenarioResult.class);
  }
}
