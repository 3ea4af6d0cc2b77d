// SPDX-License-Identifier: EPL-2.0
package org.xenolith.product.ui;

import java.util.concurrent.CompletableFuture;
import org.eclipse.osgi.service.runnable.ApplicationLauncher;
import org.eclipse.osgi.service.runnable.ParameterizedRunnable;

/** Has Eclipse's application, which draws, run on the thread on which the program began. */
final class MainThread implements ApplicationLauncher {
  private record Application(ParameterizedRunnable program, Object context) {}

  private final CompletableFuture<Application> given = new CompletableFuture<>();

  @Override
  public void launch(ParameterizedRunnable program, Object context) {
    given.complete(new Application(program, context));
  }

  @Override
  public void shutdown() {
    // The process ends with it.
  }

  /** Waits for the application, and runs it. */
  void run() throws Exception {
    Application application = given.get();
    application.program.run(application.context);
  }
}
