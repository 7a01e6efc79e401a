def pages(protocol):
    return {}
