// SPDX-License-Identifier: EPL-2.0
package org.xenolith.releng.ide.run;

import java.util.Arrays;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

/** Runs the unit tests of the classes that are its arguments, in any JVM that has them on its class path. */
public final class UnitTests {

  private UnitTests() {}

  public static void main(String[] classes) {
    LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
        .selectors(Arrays.stream(classes).map(DiscoverySelectors::selectClass).toList()).build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    var summary = listener.getSummary();
    for (Failure failure : summary.getFailures()) {
      System.out.println("FAILED " + failure.getTestIdentifier().getDisplayName() + place(failure.getException(), classes) + ": "
          + failure.getException().getMessage());
    }
    System.out.println(summary.getTestsSucceededCount() + " passed, " + summary.getTotalFailureCount() + " failed");
    System.exit(summary.getTestsFoundCount() > 0 && summary.getTotalFailureCount() == 0 ? 0 : 1);
  }

  /** The line of the test that failed. */
  private static String place(Throwable failure, String[] classes) {
    return Arrays.stream(failure.getStackTrace()).filter(frame -> Arrays.asList(classes).contains(frame.getClassName())).findFirst()
        .map(frame -> " at " + frame.getFileName() + ":" + frame.getLineNumber()).orElse("");
  }
}
