// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.nio.charset.StandardCharsets;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.tm.internal.terminal.provisional.api.ITerminalConnector;
import org.eclipse.tm.internal.terminal.provisional.api.TerminalConnectorExtension;
import org.eclipse.tm.internal.terminal.provisional.api.TerminalState;
import org.eclipse.tm.internal.terminal.control.ITerminalListener;
import org.eclipse.tm.internal.terminal.control.ITerminalViewControl;
import org.eclipse.tm.internal.terminal.control.TerminalViewControlFactory;
import org.eclipse.ui.part.ViewPart;

/** The serial line that the guest calls its standard output: what it says, and what is typed to it. */
public final class ConsoleView extends ViewPart {
  static final String ID = "org.xenolith.ui.workbench.console";
  private static final String CONNECTOR = "org.xenolith.ui.workbench.serial";
  private static final int LINES = 5000;
  private ITerminalViewControl terminal;

  @Override
  public void createPartControl(Composite parent) {
    ITerminalConnector connector = TerminalConnectorExtension.makeTerminalConnector(CONNECTOR);
    terminal = TerminalViewControlFactory.makeControl(new Quiet(), parent, new ITerminalConnector[] {connector}, true);
    terminal.setConnector(connector);
    terminal.setCharset(StandardCharsets.UTF_8);
    terminal.setBufferLineLimit(LINES);
    terminal.setInvertedColors(true);
    // Connecting handles events until it is done: not while the view is being made.
    parent.getDisplay().asyncExec(() -> {
      if (!parent.isDisposed()) {
        parent.getDisplay().asyncExec(() -> {}); // so that it finds one and doesn't sleep
        terminal.connectTerminal();
      }
    });
  }

  /** The widget. */
  ITerminalViewControl terminal() {
    return terminal;
  }

  @Override
  public void setFocus() {
    terminal.setFocus();
  }

  @Override
  public void dispose() {
    if (terminal != null) {
      terminal.disposeTerminal();
    }
    super.dispose();
  }

  /** The view has nothing to say about the terminal's own affairs. */
  private static final class Quiet implements ITerminalListener {
    @Override
    public void setState(TerminalState state) {}

    @Override
    public void setTerminalTitle(String title) {}
  }
}
