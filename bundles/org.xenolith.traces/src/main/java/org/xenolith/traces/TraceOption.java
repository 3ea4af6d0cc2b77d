// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces;

import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.command.kit.FileOption;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** The option {@code trace}. */
@Component(service = LaunchOption.class)
public final class TraceOption implements LaunchOption {
  private static final int PLACE = 860;
  private final Traces traces;

  /** @param traces knows kinds and formats */
  @Activate
  public TraceOption(@Reference Traces traces) {
    this.traces = traces;
  }

  @Override
  public OptionDescription description() {
    return OptionDescription.of(TraceSettings.OPTION, Form.TEXT, "Debugging", PLACE).value(TraceSettings.FORM).bareToo().outsideSnapshot()
        .words("Trace",
            "Writes what happens in the machine, event by event with virtual time, into FILE (default: " + TraceSettings.FILE
                + "). Keys are " + TraceSettings.KEYS
                + ". Without 'format' the file's name says it: .json for Chrome's and Perfetto's viewers, .pcapng "
                + "for packets, .jfr for Flight Recorder; any other is a folder in the Common Trace Format (ctf1, ctf2). A file has at most 256M unless "
                + "'limit' says another size; how many events had no room is said at the end.");
  }

  @Override
  public boolean observes() {
    return true;
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    TraceSettings.of(texts.getFirst());
    request.option(TraceSettings.OPTION, texts);
  }

  @Override
  public void check(List<String> texts, Set<String> said) {
    TraceSettings settings = TraceSettings.of(texts.getFirst());
    traces.check(texts.getFirst(), settings);
    FileOption.requireFolderOf(TraceSettings.OPTION, settings.file());
  }
}
