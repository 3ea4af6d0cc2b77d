// SPDX-License-Identifier: EPL-2.0
/** What the pages of the checkout promise: commands that are run, figures that were measured. */
package org.xenolith.conformance.pages;
