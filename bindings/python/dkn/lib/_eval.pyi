def evaluate(
    experiment: str,
    is_text: bool,
    data: str,
    methods: list[str],
    sets: list[str],
    limit: int,
    results: str,
    max_memory: int,
    threads: int,
) -> tuple[str, str, list[str], list[str]]: ...
