// SPDX-License-Identifier: EPL-2.0
package org.xenolith.display;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.console.api.Picture;
import org.xenolith.machine.control.Machine;

/** {@code screen} at the monitor prompt: what is on a display. */
@Component
public final class ScreenCommand implements MonitorCommand {
  private static final int PATIENCE = 10;

  @Override
  public String name() {
    return "screen";
  }

  @Override
  public String help() {
    return "screen FILE.png [NODE]   writes what is on the display into a file";
  }

  @Override
  public String execute(Machine machine, List<String> words) {
    if (words.isEmpty() || words.size() > 2) {
      throw new BadInput("screen: expected FILE.png, and the display's node if there are several");
    }
    Path file;
    try {
      file = Path.of(words.getFirst());
    } catch (InvalidPathException e) {
      throw new BadInput("screen '" + words.getFirst() + "': " + e.getReason());
    }
    CompletableFuture<Optional<Picture>> answer = new CompletableFuture<>();
    machine.post(() -> {
      try {
        answer.complete(Displays.picture(machine, words.size() == 2 ? words.get(1) : ""));
      } catch (IllegalArgumentException e) {
        answer.completeExceptionally(e);
      }
    });
    Optional<Picture> picture = await(answer);
    if (picture.isEmpty()) {
      return "screen: the display is off\n";
    }
    try {
      ScreenFile.write(picture.get(), file);
    } catch (IOException e) {
      throw BadInput.of("screen", file, e);
    }
    return "%s: %d by %d pixels%n".formatted(file, picture.get().width(), picture.get().height());
  }

  private static Optional<Picture> await(CompletableFuture<Optional<Picture>> answer) {
    try {
      return answer.get(PATIENCE, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new BadInput("screen: the machine gives no answer in " + PATIENCE + " s; is it stopped?");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInput("screen: interrupted");
    } catch (ExecutionException e) {
      throw new BadInput("screen: " + e.getCause().getMessage());
    }
  }
}
