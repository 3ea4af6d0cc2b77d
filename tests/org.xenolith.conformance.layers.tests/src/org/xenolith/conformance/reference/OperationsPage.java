// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.conformance.layers.Checkout;

/** The page {@code dist/reference/efi-operations.md}: every operation of UEFI firmware of bundles, collected from the READMEs of core, kit and layers. */
final class OperationsPage {
  static final String PAGE = "efi-operations.md";
  static final String CORE = "org.xenolith.firmware.efi.boot";
  static final String KIT = "org.xenolith.efi.boot.kit";

  private final Map<String, OperationTable> tables = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

  private OperationsPage() {}

  static OperationsPage of() throws IOException {
    OperationsPage page = new OperationsPage();
    for (Path folder : Checkout.bundleFolders()) {
      String readme = Files.exists(folder.resolve("README.md")) ? Files.readString(folder.resolve("README.md")) : "";
      if (OperationTable.isIn(readme)) {
        try {
          page.tables.put(folder.getFileName().toString(), OperationTable.of(readme));
        } catch (IllegalArgumentException e) {
          page.problems.add(folder.getFileName() + "/README.md: " + e.getMessage());
        }
      }
    }
    return page;
  }

  /** Tables by their bundles. */
  Map<String, OperationTable> tables() {
    return tables;
  }

  /** Rows that are none. */
  List<String> problems() {
    return problems;
  }

  String text() {
    StringBuilder text = new StringBuilder("""
        # Operations of UEFI firmware of bundles

        Every function that core, kit and layers of [our own firmware](../../docs/guides/own-firmware.md) answer: parameters, errors, and who may call it when. Made by
        each build, or `releng/make-reference`, from the READMEs of the bundles; edit those. A test asks the built layers for their functions, so that none is missing here and none invented.

        ## How to read it

        A function is called by the pointer in its interface, which is a bundle's stub or what somebody has put there. Its first parameter is the interface itself; it is left out
        here but where a function has another one. *Own* functions have stubs, too, but stand in no interface: only the layer, or the core for a notification function, calls them.

        What every function may return is not in its row:

        | error | why |
        |---|---|
        | `INVALID_PARAMETER` | a pointer leads to no memory; the interface is none of this layer's |
        | `NOT_READY` | the layer's bundle isn't there when it is called |
        | `DEVICE_ERROR` | the bundle went in the middle, was replaced by one of another version, or threw: it is taken off then. The call took a million steps in one trap |
        | `OUT_OF_RESOURCES` | there is no memory for what it makes; 256 calls are open |
        | `UNSUPPORTED` | the provider that is installed has no such function |

        *When* begins with the highest task priority level of a caller (UEFI 2.10, 7.1): `APPLICATION`, `CALLBACK` or `NOTIFY`. Nobody refuses a higher one but where that is said; who
        comes from a higher one may find a driver in the middle of another call, which answers `DEVICE_ERROR`. Then:

        * *at once*: one trap, no time passes;
        * *touches*: code of the guest accesses registers, or makes hypercalls, between two steps;
        * *calls*: a function of somebody else's is called, and it takes as long as that;
        * *waits*: the guest waits (WFI) between two steps until it asks again, and notification functions of higher levels run meanwhile.

        Nothing here may be called when boot services are over: its memory is the operating system's. Notification functions of ExitBootServices are the last that are called. Runtime
        services are those of [firmware.efi](../../bundles/org.xenolith.firmware.efi/README.md). Drivers are started and stopped by ConnectController and DisconnectController, up to
        `CALLBACK`; `Supported` and `Start` have what OpenProtocol answers: `UNSUPPORTED`, the controller hasn't the protocol; `ALREADY_STARTED`, this driver manages it; `ACCESS_DENIED`,
        another one does.
        """);
    List.of(CORE, KIT).forEach(name -> add(text, name));
    tables.keySet().stream().filter(name -> !name.equals(CORE) && !name.equals(KIT)).forEach(name -> add(text, name));
    return text.toString();
  }

  private void add(StringBuilder text, String name) {
    text.append("\n## ").append(name.substring("org.xenolith.".length())).append("\n\n[README](../../bundles/").append(name).append(
        "/README.md)\n\n").append(tables.get(name).text());
  }
}
