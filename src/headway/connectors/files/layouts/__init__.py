"""One module per kind of export. They know nothing of each other; adding one is adding a module and naming it in
`headway.connectors.recognised`."""
