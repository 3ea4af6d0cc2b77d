
// SPDX-License-Identifier: EPL-2.0
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Set;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs a model's tests; {@code build-model} starts it. Argument: the folder of the tests' classes, on the class path too. */
public final class TestModel {

  private TestModel() {}

  /** Ends with 1 when a test failed or there was none. */
  public static void main(String[] arguments) {
    LauncherDiscoveryRequest all = LauncherDiscoveryRequestBuilder.request()
        .selectors(DiscoverySelectors.selectClasspathRoots(Set.of(Path.of(arguments[0])))).build();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherFactory.create().execute(all, summary, new Lines());
    summary.getSummary().printFailuresTo(new PrintWriter(System.err, true), 12);
    long failed = summary.getSummary().getTotalFailureCount();
    System.out.println(summary.getSummary().getTestsSucceededCount() + " tests passed, " + failed + " failed");
    System.exit(failed == 0 && summary.getSummary().getTestsSucceededCount() > 0 ? 0 : 1);
  }

  /** A line for each test. */
  private static final class Lines implements TestExecutionListener {
    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest()) {
        System.out.println((result.getStatus() == Status.SUCCESSFUL ? "  passed  " : "  FAILED  ") + test.getDisplayName());
      }
    }
  }
}
