// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Replaces, removes and adds provider bundles under running machines; the service of the machine core.
 *
 * <p>A change waits until every machine stands still, so it must not be called on a machine's own thread: from an action given
 * to {@link Machine#post}, from the sink of a port, or from a model. There it is refused: {@link Change#reason} says so.
 */
@ProviderType
public interface LiveChange {
  /**
   * Replaces a bundle by another version of itself, as one transaction at one safe point of every machine. If anything
   * fails, the old bundle and its state are back and the guest has seen nothing.
   *
   * @param symbolicName the bundle
   * @param jar          content of the new version
   * @return what happened
   */
  Change replace(String symbolicName, InputStream jar) throws IOException;

  /** Uninstalls a bundle: its devices go away as surprise-removed hardware; their records are kept. */
  Change remove(String symbolicName);

  /** Installs and starts a bundle; devices without a provider that it serves come (back) to life, from their records. */
  Change add(InputStream jar) throws IOException;

  /**
   * The content of an installed bundle as a jar, whatever has become of the file that it was installed from: for who removes it
   * and wants to {@link #add} it again.
   *
   * @throws IOException if none of that symbolic name is installed, or its content can't be read
   */
  byte[] content(String symbolicName) throws IOException;

  /** Whether a bundle of that symbolic name is installed. */
  boolean installed(String symbolicName);

  /**
   * Has each bundle that a recorded run changed be what it was when that began, before a machine is launched to replay it: no state is handed from one version to the other then. What isn't
   * different stays; of a recording that is damaged or says nothing of it, too.
   *
   * @param journal  of the recording
   * @param progress hears of each that is another than before, in a sentence
   * @throws IOException if one can't be had: the recording doesn't carry it, its jar is missing, or it can't be installed
   */
  void begin(Path journal, Consumer<String> progress) throws IOException;

  /**
   * The result of a change.
   *
   * @param done            whether it was committed
   * @param symbolicName    the bundle
   * @param version         the version now installed; empty if none
   * @param devices         devices affected
   * @param hostNanoseconds host time the machines stood still
   * @param reason          why it was not done; empty if done
   * @param machines        those that have the devices affected
   */
  record Change(boolean done, String symbolicName, String version, int devices, long hostNanoseconds, String reason,
      List<Touched> machines) {
    /** Copies the list. */
    public Change {
      machines = List.copyOf(machines);
    }

    /** One of which isn't known which machines it touched. */
    public Change(boolean done, String symbolicName, String version, int devices, long hostNanoseconds, String reason) {
      this(done, symbolicName, version, devices, hostNanoseconds, reason, List.of());
    }
  }

  /**
   * What a change does to one machine.
   *
   * @param machine its {@link Machine#name}
   * @param devices affected, CPUs among them; above 0
   */
  record Touched(String machine, int devices) {}
}
