// SPDX-License-Identifier: EPL-2.0
/** The command line as its users meet it: help, wrong usage, bad input, and the commands that the README names. */
package org.xenolith.it.commandline;
