// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRevision;
import org.xenolith.command.kit.ShownName;

/** Packages of ours that a plug-in imports: one that was built against an earlier version, or a later one, is refused with what to do about it. */
final class PluginImports {
  private static final String OURS = "org.xenolith.";
  private final Map<String, List<Version>> exported;
  private final ContractRenames renames = ContractRenames.read();

  private PluginImports(Map<String, List<Version>> exported) {
    this.exported = exported;
  }

  /** Against what is installed. */
  static PluginImports of(BundleContext context) {
    Map<String, List<Version>> exported = new TreeMap<>();
    Arrays.stream(context.getBundles()).map(bundle -> bundle.adapt(BundleRevision.class)).filter(revision -> revision != null).flatMap(
        revision -> revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream()).forEach(capability -> exported
            .computeIfAbsent((String) capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE), name -> new ArrayList<>()).add(
                (Version) capability.getAttributes().getOrDefault(PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE, Version.emptyVersion)));
    return new PluginImports(exported);
  }

  /** Against packages with these versions. */
  static PluginImports of(Map<String, List<Version>> exported) {
    return new PluginImports(exported);
  }

  /**
   * Looks at what a bundle imports.
   *
   * @throws IOException if it imports something of ours that isn't there, or isn't there in that version; the message says what, and what to do
   */
  void check(Attributes manifest) throws IOException {
    List<String> wrong = PackageClause.of(manifest.getValue(Constants.IMPORT_PACKAGE)).stream().filter(clause -> !clause.optional())
        .flatMap(
            clause -> clause.names().stream().filter(name -> name.startsWith(OURS)).map(name -> wrong(name, range(clause)))).filter(
                text -> !text
                    .isEmpty()).toList();
    if (!wrong.isEmpty()) {
      throw new IOException("it was built with another version of Xenolith: it imports " + String.join(", ", wrong)
          + ". './xenolith sdk migrate FOLDER' changes in its sources what is a rename; then build it with this version's SDK");
    }
  }

  private static VersionRange range(PackageClause clause) {
    try {
      return new VersionRange(clause.version());
    } catch (IllegalArgumentException e) {
      // The framework says it.
      return new VersionRange("0");
    }
  }

  /** Why a package can't be had, or nothing. */
  private String wrong(String name, VersionRange range) {
    List<Version> there = exported.getOrDefault(name, List.of());
    if (there.stream().anyMatch(range::includes)) {
      return "";
    }
    List<String> now = renames.of(name);
    String called = now.isEmpty() ? "" : exported.containsKey(name) ? "; some of it is in " + String.join(", ", now) + " now"
        : ", which is "
            + String.join(", ", now) + " now";
    if (there.isEmpty()) {
      // A bundle that comes later may bring a package that was never ours.
      return now.isEmpty() ? "" : ShownName.of(name) + called;
    }
    return ShownName.of(name) + " " + range + " (here it is " + there.getFirst() + called + ")";
  }
}
