// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.nio.charset.StandardCharsets;
import org.eclipse.core.runtime.preferences.DefaultScope;
import org.eclipse.core.runtime.preferences.IEclipsePreferences;
import org.eclipse.jface.resource.StringConverter;
import org.eclipse.swt.graphics.RGB;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.tm.internal.terminal.control.ITerminalListener;
import org.eclipse.tm.internal.terminal.control.ITerminalViewControl;
import org.eclipse.tm.internal.terminal.control.TerminalViewControlFactory;
import org.eclipse.tm.internal.terminal.preferences.ITerminalConstants;
import org.eclipse.tm.internal.terminal.provisional.api.ITerminalConnector;
import org.eclipse.tm.internal.terminal.provisional.api.TerminalConnectorExtension;
import org.eclipse.tm.internal.terminal.provisional.api.TerminalState;
import org.eclipse.tm.terminal.model.TerminalColor;
import org.eclipse.ui.part.ViewPart;

/** The serial line that the guest calls its standard output: what it says, and what is typed to it. */
public final class ConsoleView extends ViewPart {
  static final String ID = "org.xenolith.ui.workbench.console";
  private static final String CONNECTOR = "org.xenolith.ui.workbench.serial";
  private static final String TERMINAL = "org.eclipse.tm.terminal.control";
  private static final int LINES = 5000;
  static final RGB DARK = new RGB(0, 0, 0);
  static final RGB LIGHT = new RGB(229, 229, 229);
  private ITerminalViewControl terminal;

  @Override
  public void createPartControl(Composite parent) {
    colors();
    ITerminalConnector connector = TerminalConnectorExtension.makeTerminalConnector(CONNECTOR);
    terminal = TerminalViewControlFactory.makeControl(new Quiet(), parent, new ITerminalConnector[] {connector}, true);
    terminal.setConnector(connector);
    terminal.setCharset(StandardCharsets.UTF_8);
    terminal.setBufferLineLimit(LINES);
    // Connecting handles events until it is done: not while the view is being made.
    parent.getDisplay().asyncExec(() -> {
      if (!parent.isDisposed()) {
        parent.getDisplay().asyncExec(() -> {}); // so that it finds one and doesn't sleep
        terminal.connectTerminal();
      }
    });
  }

  /**
   * Light on dark, as guests' programs take a terminal to be; the user's preferences come before it. Inverting the terminal instead would exchange the black
   * and the white that a guest asks for.
   */
  private static void colors() {
    IEclipsePreferences defaults = DefaultScope.INSTANCE.getNode(TERMINAL);
    defaults.put(ITerminalConstants.getPrefForTerminalColor(TerminalColor.BACKGROUND), StringConverter.asString(DARK));
    defaults.put(ITerminalConstants.getPrefForTerminalColor(TerminalColor.FOREGROUND), StringConverter.asString(LIGHT));
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
