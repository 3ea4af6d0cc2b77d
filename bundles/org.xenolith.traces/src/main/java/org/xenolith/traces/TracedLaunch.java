// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces;

import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.RunControl;

/** Traces machines that are launched with the option {@code trace}, from before their first run until they are closed. */
@Component(service = Debugger.class)
public final class TracedLaunch implements Debugger {
  private final Traces traces;

  /** @param traces writes them */
  @Activate
  public TracedLaunch(@Reference Traces traces) {
    this.traces = traces;
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return request.has(TraceSettings.OPTION);
  }

  @Override
  public Session begin(Launch launch, LaunchRequest request, RunControl control, Consumer<String> told) {
    RunningTrace trace = traces.begin(launch.machine(), request.text(TraceSettings.OPTION).orElse(""), told);
    return new Session() {
      @Override
      public void halted() {
        // A machine that stands still tells nothing.
      }

      @Override
      public void close() {
        traces.end(trace);
      }
    };
  }
}
