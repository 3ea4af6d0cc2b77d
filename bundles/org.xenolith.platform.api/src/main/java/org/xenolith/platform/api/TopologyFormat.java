// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.fdt.Fdt;

/**
 * A form in which others describe hardware, besides device trees: a service. {@code topology export} and {@code topology import} have an
 * option {@code --NAME} for each that is installed.
 */
@ConsumerType
public interface TopologyFormat {
  /** What it is called in lower-case letters, {@code acpi} for instance. Of two with one name the one of higher ranking counts. */
  String name();

  /** What its files are, for people who ask for help: a few words without a full stop. */
  String files();

  /**
   * Writes a platform in this form.
   *
   * @param folder gets the files; it is made if it isn't there, and what else is in it stays
   * @return what the platform has and this form can't say
   * @throws PlatformException if the platform is malformed where this form needs it, or a file can't be written
   */
  List<Finding> write(Platform platform, Path folder);

  /**
   * Makes a tree of files in this form.
   *
   * @param files  or folders of them
   * @param memory what the form may not say
   * @throws PlatformException if a file can't be read or isn't in this form
   */
  Imported read(List<Path> files, Memory memory);

  /**
   * RAM.
   *
   * @param base  first address; empty: where nothing else is
   * @param bytes of it
   */
  record Memory(OptionalLong base, long bytes) {}

  /**
   * What was made of files.
   *
   * @param tree     all that was understood
   * @param findings what wasn't, and what had to be assumed; their node is the place in the files where no node is meant
   */
  record Imported(Fdt tree, List<Finding> findings) {
    /** Copies the list. */
    public Imported {
      findings = List.copyOf(findings);
    }
  }
}
